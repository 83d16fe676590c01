package dev.quotary.sql;

import dev.quotary.catalog.CatalogStore;
import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Verification;
import dev.quotary.limit.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * The audit of a database file, whether a server uses it or not. A comparison is one read transaction: it waits for nobody and nobody
 * waits for it, but the write-ahead log cannot be shortened while it runs.
 */
public final class SqliteAudit implements Audit {
    private final Path path;
    private final SqliteFile file;

    /** Nothing is opened before something is asked. */
    public SqliteAudit(Path path) {
        this.path = path;
        this.file = new SqliteFile(path, List.of());
    }

    /**
     * Files of entries beside the database that a server which is gone has acknowledged, and which only the next start brings in: none of
     * them is in what is compared here. Beside a running server they say nothing, as it always has some.
     */
    public List<Path> leftBehind() {
        try {
            return IntakeLog.leftBehind(path);
        } catch (IOException e) {
            throw new StoreUnavailableException("looking for files beside the database " + path, e);
        }
    }

    /** The catalog beside the ledger, to be read only. */
    public CatalogStore catalogStore() {
        return new StoredCatalog(() -> {
            try (var session = file.auditor()) {
                Migrations.check(session.connection());
                return SqlCatalogStore.documents(session);
            } catch (SQLException e) {
                throw unreadable(e);
            }
        });
    }

    private StoreUnavailableException unreadable(SQLException why) {
        return new StoreUnavailableException("reading the database " + path + ": " + SqlErrors.reason(why), why);
    }

    @Override
    public Verification verify(Coverage coverage, Instant now, Consumer<Difference> each) {
        try (var session = file.auditor()) {
            Migrations.check(session.connection());
            var verification = new SqlAudit(session, coverage, now).verify(each);
            session.connection().rollback();
            return verification;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    @Override
    public Verification rebuild(Coverage coverage, Instant now, Consumer<Difference> each) {
        try (var session = file.rebuilder()) {
            Migrations.check(session.connection());
            var verification = new SqlAudit(session, coverage, now).rebuild(each);
            session.connection().commit();
            return verification;
        } catch (SQLException e) {
            throw new StoreUnavailableException("rebuilding the sums in " + path + ": " + SqlErrors.reason(e), e);
        }
    }

    /** Every session is closed when its work is done. */
    @Override
    public void close() {}
}
