package dev.quotary.sql;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The row of one lease, over a connection that is opened anew after an error. For one thread at a time. */
final class LeaseRow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseRow.class);
    private static final String TAKE = """
            INSERT INTO server_lease AS lease (name, holder, term, expires_at)
            VALUES (?, ?, 1, clock_timestamp() + ? * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
                term = lease.term + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END
            WHERE lease.holder = excluded.holder OR lease.expires_at <= clock_timestamp()
            RETURNING term""";
    private static final String LOOK = """
            SELECT holder, CAST(greatest(0, ceil(extract(epoch FROM expires_at - clock_timestamp()))) AS bigint)
            FROM server_lease WHERE name = ?""";
    private static final String GIVE_BACK =
            "UPDATE server_lease SET expires_at = clock_timestamp() WHERE name = ? AND holder = ? AND term = ?";

    private final PostgresSessions sessions;
    private final String name;
    private final String holder;
    private final Duration length;
    private @Nullable Session session;

    /** What came of asking. */
    sealed interface Answer {}

    /** @param number of the term: the same for as long as nobody else had the lease in between */
    record Own(long number) implements Answer {}

    /** @param seconds until it ends unless it is renewed */
    record Others(String holder, long seconds) implements Answer {}

    LeaseRow(PostgresUrl url, String name, String holder, Duration length) {
        this.sessions = new PostgresSessions(url);
        this.name = name;
        this.holder = holder;
        this.length = length;
    }

    private interface Step<T> {
        T take(Session session) throws SQLException;
    }

    /** Takes the lease, or renews it. */
    Answer take() throws SQLException {
        return with(open -> {
            open.fill(TAKE).text(name).text(holder).number(length.toMillis());
            try (var row = open.prepared(TAKE).executeQuery()) {
                return row.next() ? new Own(row.getLong(1)) : look(open);
            }
        });
    }

    private Answer look(Session open) throws SQLException {
        open.fill(LOOK).text(name);
        try (var row = open.prepared(LOOK).executeQuery()) {
            return row.next() ? new Others(row.getString(1), row.getLong(2)) : new Others("nobody", 0);
        }
    }

    void giveBack(long number) throws SQLException {
        with(open -> {
            open.fill(GIVE_BACK).text(name).text(holder).number(number);
            return open.prepared(GIVE_BACK).executeUpdate();
        });
    }

    private <T> T with(Step<T> step) throws SQLException {
        var open = session;
        if (open == null) {
            open = sessions.lease();
            session = open;
        }
        try {
            return step.take(open);
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        var open = session;
        session = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.atWarn().setCause(e).log("Closing a connection to the database failed");
            }
        }
    }
}
