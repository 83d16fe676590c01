package dev.quotary.sql.admission;

import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.ServerLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that share the database: each renews its lease, and any of them takes up what a dead one left.
 *
 * <p>Leases are measured by the database's clock alone. What is taken up is taken up by whoever comes first, or by several at once: settling
 * a call twice records it once, as its event has one id. Safe for many threads; every method blocks, and throws
 * {@link StoreUnavailableException} if the database does not answer.
 */
public final class PostgresNodes implements AutoCloseable {
    /** A node that has not renewed its lease for so long is dead. Longer than any pause of a healthy process. */
    public static final Duration LEASE = Duration.ofSeconds(15);

    private static final String RENEW = """
            INSERT INTO node (node, alive_until, declared) VALUES (?, now() + make_interval(secs => ?), ?)
            ON CONFLICT (node) DO UPDATE SET alive_until = excluded.alive_until, declared = excluded.declared""";
    private static final String DEAD = "SELECT node FROM node WHERE alive_until < now() ORDER BY node LIMIT 100";
    private static final String EARLIER =
            "SELECT node FROM node WHERE starts_with(node, ?) AND node <> ? ORDER BY node LIMIT 100";
    private static final String BEHIND = """
            SELECT count(*) FROM node WHERE alive_until >= now() AND declared < ? AND node <> ?""";
    private static final String LIVING =
            "SELECT node FROM node WHERE alive_until >= now() AND node <> ? ORDER BY node LIMIT 100";
    private static final String ALONE = "SELECT holder FROM server_lease WHERE name = ? AND expires_at >= now()";
    private static final String INTERRUPTED = """
            SELECT id, body FROM reservation WHERE node = ? AND origin = 2 AND state IN (1, 2) LIMIT ?""";
    private static final String FORGET = "DELETE FROM node WHERE node = ? AND (alive_until < now() OR ?)";
    private static final String LEAVE = "UPDATE node SET alive_until = now() - interval '1 second' WHERE node = ?";
    private static final String FORGET_RESERVATIONS = """
            DELETE FROM reservation WHERE ctid IN (SELECT ctid FROM reservation
                WHERE keep_second IS NOT NULL AND keep_second < extract(epoch FROM now())::bigint LIMIT ?)""";
    private static final String OLD_COUNTERS = """
            SELECT DISTINCT organization FROM (SELECT organization FROM counter_held
                WHERE window_end < (extract(epoch FROM now())::bigint - ?) * 1000000 AND held = 0 LIMIT 1000) old""";
    private static final String FORGET_COUNTERS = """
            DELETE FROM counter_held WHERE organization = ? AND held = 0
                AND window_end < (extract(epoch FROM now())::bigint - ?) * 1000000""";

    /** Counters are kept so long after their window: reservations of then may still be extended. */
    private static final Duration COUNTER_KEPT = Duration.ofDays(2);

    private static final int FORGOTTEN_AT_ONCE_MAX = 5_000;
    private static final int NETWORK_MILLIS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresNodes.class);

    private final PostgresLimiter.ConnectionSource source;
    private final String node;
    /** Guarded by this. */
    private @Nullable Connection connection;

    public PostgresNodes(PostgresLimiter.ConnectionSource source, String node) {
        this.source = source;
        this.node = node;
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Says that this process lives.
     *
     * @param declared the version of the declarations that it decides by
     */
    public void renew(long declared) {
        var _ = run(open -> {
            try (var statement = open.prepareStatement(RENEW)) {
                statement.setString(1, node);
                statement.setLong(2, LEASE.toSeconds());
                statement.setLong(3, declared);
                return statement.executeUpdate();
            }
        });
    }

    /** How far the database's clock is ahead of another; negative where it is behind. */
    public Duration ahead(InstantSource clock) {
        return run(open -> {
            try (var statement =
                            open.prepareStatement("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
                    var rows = statement.executeQuery()) {
                rows.next();
                return Duration.ofMillis(rows.getLong(1) - clock.millis());
            }
        });
    }

    private void leave() {
        var _ = run(open -> {
            try (var statement = open.prepareStatement(LEAVE)) {
                statement.setString(1, node);
                return statement.executeUpdate();
            }
        });
    }

    /** How many other living processes still decide by older declarations. */
    public long behind(long declared) {
        return run(open -> {
            try (var statement = open.prepareStatement(BEHIND)) {
                statement.setLong(1, declared);
                statement.setString(2, node);
                try (var rows = statement.executeQuery()) {
                    return rows.next() ? rows.getLong(1) : 0;
                }
            }
        });
    }

    /** Other processes that share the database now. */
    public List<String> living() {
        return run(open -> {
            try (var statement = open.prepareStatement(LIVING)) {
                statement.setString(1, node);
                return names(statement);
            }
        });
    }

    /** The server that decides over this database in its own memory now, which must not be while others share it; empty for none. */
    public List<String> alone() {
        return run(open -> {
            try (var statement = open.prepareStatement(ALONE)) {
                statement.setString(1, ServerLease.MEMORY_LIMITER);
                return names(statement);
            }
        });
    }

    /** Processes whose lease is over. */
    public List<String> dead() {
        return run(open -> {
            try (var statement = open.prepareStatement(DEAD)) {
                return names(statement);
            }
        });
    }

    /** Processes whose names begin alike, other than this one. */
    public List<String> earlier(String beginning) {
        return run(open -> {
            try (var statement = open.prepareStatement(EARLIER)) {
                statement.setString(1, beginning);
                statement.setString(2, node);
                return names(statement);
            }
        });
    }

    private static List<String> names(PreparedStatement statement) throws SQLException {
        var names = new ArrayList<String>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** The gateway calls that a process was in the middle of, expired ones included. */
    public List<Hold> interrupted(String dead, int max) {
        return run(open -> {
            var holds = new ArrayList<Hold>();
            try (var statement = open.prepareStatement(INTERRUPTED)) {
                statement.setString(1, dead);
                statement.setInt(2, max);
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        holds.add(HoldBytes.read(HoldBytes.id(rows.getBytes(1)), rows.getBytes(2)));
                    }
                }
            }
            return holds;
        });
    }

    /**
     * Forgets a process that left nothing more to be taken up.
     *
     * @param certain whether it is known to have ended; otherwise it is forgotten only if its lease is over
     */
    public void forget(String dead, boolean certain) {
        var _ = run(open -> {
            try (var statement = open.prepareStatement(FORGET)) {
                statement.setString(1, dead);
                statement.setBoolean(2, certain);
                return statement.executeUpdate();
            }
        });
    }

    /** Deletes a bounded number of rows that decide nothing any more. */
    public void sweep() {
        var _ = run(open -> {
            try (var statement = open.prepareStatement(FORGET_RESERVATIONS)) {
                statement.setInt(1, FORGOTTEN_AT_ONCE_MAX);
                return statement.executeUpdate();
            }
        });
        for (var organization : run(PostgresNodes::organizationsWithOldCounters)) {
            var _ = run(open -> sweepCounters(open, organization));
        }
    }

    private static List<String> organizationsWithOldCounters(Connection open) throws SQLException {
        var organizations = new ArrayList<String>();
        try (var statement = open.prepareStatement(OLD_COUNTERS)) {
            statement.setLong(1, COUNTER_KEPT.toSeconds());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    organizations.add(rows.getString(1));
                }
            }
        }
        return organizations;
    }

    /** Under the organization's lock, as a decision that has read a counter goes on to write it. */
    private static int sweepCounters(Connection open, String organization) throws SQLException {
        open.setAutoCommit(false);
        try (var lock = open.prepareStatement(Texts.LOCK);
                var delete = open.prepareStatement(FORGET_COUNTERS)) {
            lock.setArray(1, open.createArrayOf("text", new String[] {organization}));
            lock.execute();
            delete.setString(1, organization);
            delete.setLong(2, COUNTER_KEPT.toSeconds());
            int deleted = delete.executeUpdate();
            open.commit();
            return deleted;
        } finally {
            open.setAutoCommit(true);
        }
    }

    private synchronized <T> T run(Work<T> work) {
        try {
            return work.on(opened());
        } catch (SQLException e) {
            discard();
            throw new StoreUnavailableException("looking after the nodes in the database: " + e.getMessage(), e);
        }
    }

    private Connection opened() throws SQLException {
        var open = connection;
        if (open == null) {
            open = source.open();
            open.setNetworkTimeout(Runnable::run, NETWORK_MILLIS_MAX);
            connection = open;
        }
        return open;
    }

    private void discard() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException _) {
                // It is broken already; the database ends the session by itself.
            }
        }
    }

    /** Says that this process ends, so that what it leaves may be taken up at once. */
    @Override
    public synchronized void close() {
        try {
            leave();
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("the other servers could not be told that this one ends; they will notice");
        }
        discard();
    }
}
