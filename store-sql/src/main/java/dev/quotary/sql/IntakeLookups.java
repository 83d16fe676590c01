package dev.quotary.sql;

import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what is in the database already, over a connection of its own that sees every committed transaction. For one thread. */
final class IntakeLookups implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IntakeLookups.class);

    private final Readers.SessionSource sessions;
    private @Nullable Session session;

    IntakeLookups(Readers.SessionSource sessions) {
        this.sessions = sessions;
    }

    /**
     * The answers to a batch.
     *
     * @param recent knows of most ids that they are new
     * @param unfolded events that may not be in the database yet; asked before it
     * @throws StoreUnavailableException if the database cannot be read
     */
    BatchAnswers answers(List<Draft> batch, RecentIds recent, Function<EventKey, @Nullable UsageEvent> unfolded) {
        try {
            return BatchAnswers.of(batch, event -> {
                if (recent.isNew(event.id())) {
                    return null;
                }
                var key = EventKey.of(event);
                var known = unfolded.apply(key);
                return known == null ? stored(key) : known;
            });
        } catch (SQLException e) {
            close();
            throw new StoreUnavailableException("reading the database: " + SqlErrors.reason(e), e);
        }
    }

    /** A query over the same connection. */
    <T> T run(Readers.Query<T> query) {
        try {
            return query.run(session());
        } catch (SQLException e) {
            close();
            throw new StoreUnavailableException("reading the database: " + SqlErrors.reason(e), e);
        }
    }

    /** Most are not there: to learn that costs a tenth of asking for all columns. */
    private @Nullable UsageEvent stored(EventKey key) throws SQLException {
        return Events.has(session(), key)
                ? Events.find(session(), key.organization(), key.id()).orElse(null)
                : null;
    }

    private Session session() throws SQLException {
        var open = session;
        if (open == null) {
            open = sessions.open();
            session = open;
        }
        return open;
    }

    /** A connection that has seen an error is not trusted; the next question opens another one. */
    @Override
    public void close() {
        var open = session;
        session = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.warn("Closing a connection to the database failed", e);
            }
        }
    }
}
