package dev.quotary.sql;

import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One PostgreSQL database, which any number of servers may have open at once.
 *
 * <p>It may stop and start while it is open: what waits then fails or succeeds, and what comes afterwards finds it again.
 */
public final class PostgresDatabase implements SqlDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);

    private final SqlAccess access;

    private PostgresDatabase(
            PostgresSessions sessions, LedgerParticipant participant, Session first, StoreObserver observer) {
        var writer = new GroupWriter(
                () -> new Tables(sessions.writer(), participant), new Tables(first, participant), observer);
        this.access = new SqlAccess(writer, new Readers(sessions::reader));
    }

    /**
     * Opens the database and brings its schema up to date.
     *
     * @param participant writes along in the ledger's transactions
     * @throws StoreUnavailableException naming the database, without its password, and the reason, if it cannot be used
     */
    public static PostgresDatabase open(PostgresUrl url, LedgerParticipant participant) {
        return open(url, participant, StoreObserver.NONE);
    }

    /** As {@link #open(PostgresUrl, LedgerParticipant)}, and tells somebody what it does. */
    public static PostgresDatabase open(PostgresUrl url, LedgerParticipant participant, StoreObserver observer) {
        var sessions = new PostgresSessions(url);
        try {
            try (var session = sessions.migrator()) {
                PostgresMigrations.run(session.connection());
                warnIfUnsafe(session);
            }
            return new PostgresDatabase(sessions, participant, sessions.writer(), observer);
        } catch (SQLException e) {
            throw new StoreUnavailableException("opening the database " + url + ": " + SqlErrors.reason(e), e);
        }
    }

    private static void warnIfUnsafe(Session session) throws SQLException {
        for (var setting : new String[] {"fsync", "full_page_writes"}) {
            try (var row = session.prepared("SHOW " + setting).executeQuery()) {
                if (row.next() && row.getString(1).equals("off")) {
                    LOG.atWarn()
                            .addKeyValue("setting", setting)
                            .log("The database has this off: it may lose acknowledged use when its machine stops");
                }
            }
        }
    }

    SqlAccess access() {
        return access;
    }

    @Override
    public void close() {
        access.close();
    }
}
