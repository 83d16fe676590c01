package dev.quotary.sql;

import dev.quotary.catalog.CatalogStore;
import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Verification;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * The audit of a PostgreSQL database, which servers may use meanwhile. A comparison reads one snapshot. A rebuild holds off everybody who
 * records until it is done; a server that decides in its own memory does not learn of it before its next start.
 */
public final class PostgresAudit implements Audit {
    private static final String HOLD_OFF =
            "LOCK TABLE ledger_position, usage_event, window_sum, usage_hour IN EXCLUSIVE MODE";

    private final PostgresUrl url;
    private final PostgresSessions sessions;

    /** Nothing is opened before something is asked. */
    public PostgresAudit(PostgresUrl url) {
        this.url = url;
        this.sessions = new PostgresSessions(url);
    }

    /** The catalog beside the ledger, to be read only. */
    public CatalogStore catalogStore() {
        return new StoredCatalog(() -> {
            try (var session = sessions.auditor()) {
                return SqlCatalogStore.documents(session);
            } catch (SQLException e) {
                throw unreadable(e);
            }
        });
    }

    private StoreUnavailableException unreadable(SQLException why) {
        return new StoreUnavailableException("reading the database " + url + ": " + SqlErrors.reason(why), why);
    }

    @Override
    public Verification verify(Coverage coverage, Instant now, Consumer<Difference> each) {
        try (var session = sessions.auditor()) {
            session.connection().setReadOnly(true);
            session.connection().setAutoCommit(false);
            PostgresMigrations.check(session.connection());
            var verification = new SqlAudit(session, coverage, now).verify(each);
            session.connection().rollback();
            return verification;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    @Override
    public Verification rebuild(Coverage coverage, Instant now, Consumer<Difference> each) {
        try (var session = sessions.auditor()) {
            session.connection().setAutoCommit(false);
            PostgresMigrations.check(session.connection());
            session.connection().rollback();
            try (var statement = session.connection().createStatement()) {
                // Before anything is read, so that what is read is what was there when nobody wrote any more.
                statement.execute(HOLD_OFF);
            }
            var verification = new SqlAudit(session, coverage, now).rebuild(each);
            session.connection().commit();
            return verification;
        } catch (SQLException e) {
            throw new StoreUnavailableException("rebuilding the sums in " + url + ": " + SqlErrors.reason(e), e);
        }
    }

    /** Every session is closed when its work is done. */
    @Override
    public void close() {}
}
