package dev.quotary.sql;

import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogChangedException;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The catalog in SQL, on SQLite or PostgreSQL. It is written by the same thread as the ledger, so that neither ever waits for the other's lock. */
public final class SqlCatalogStore implements CatalogStore {
    private static final String SELECT = """
            SELECT kind, organization, document_key, body FROM catalog_document WHERE body IS NOT NULL
            ORDER BY kind, organization, document_key""";
    private static final String VERSION = "SELECT version FROM catalog_version";
    private static final String CHANGES = """
            SELECT kind, organization, document_key, body FROM catalog_document WHERE changed_in > ?
            ORDER BY kind, organization, document_key""";
    private static final int SAVE_SECONDS_MAX = 30;

    private final SqlAccess database;

    public SqlCatalogStore(SqlDatabase database) {
        this.database = SqlAccess.of(database);
    }

    @Override
    public List<Document> load() {
        return database.readers().run(SqlCatalogStore::documents);
    }

    static List<Document> documents(Session session) throws SQLException {
        var documents = new ArrayList<Document>();
        try (var rows = session.prepared(SELECT).executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                documents.add(new Document(columns.text(), columns.text(), columns.text(), columns.text()));
            }
        }
        return List.copyOf(documents);
    }

    /**
     * What has changed in a catalog that several servers share; for PostgreSQL.
     *
     * @param version of the catalog as a whole: everything that was changed in it or before is among these documents, or was among those of
     *     an earlier call
     * @param documents as they are now, which may be as of a later version
     * @param removed names of documents that are there no more
     */
    public record Changes(long version, List<Document> documents, List<Name> removed) {
        public Changes {
            documents = List.copyOf(documents);
            removed = List.copyOf(removed);
        }
    }

    /**
     * What was changed in later versions of the catalog than one that is known. Blocks.
     *
     * @param since 0 for everything
     */
    public Changes changes(long since) {
        return database.readers().run(session -> {
            // The version first: what changes between the two queries comes again with the next call.
            long version;
            try (var row = session.prepared(VERSION).executeQuery()) {
                version = row.next() ? row.getLong(1) : 0;
            }
            return version <= since ? new Changes(version, List.of(), List.of()) : changes(session, version, since);
        });
    }

    private static Changes changes(Session session, long version, long since) throws SQLException {
        session.fill(CHANGES).number(since);
        var documents = new ArrayList<Document>();
        var removed = new ArrayList<Name>();
        try (var rows = session.prepared(CHANGES).executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                var name = new Name(columns.text(), columns.text(), columns.text());
                var body = columns.textOrNull();
                if (body == null) {
                    removed.add(name);
                } else {
                    documents.add(new Document(name.kind(), name.organization(), name.key(), body));
                }
            }
        }
        return new Changes(version, documents, removed);
    }

    @Override
    public void write(CatalogChange change) {
        if (change.empty()) {
            return;
        }
        var work = new CatalogWork(change);
        database.writer().submit(work);
        try {
            if (!work.answer().get(SAVE_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new CatalogChangedException();
            }
        } catch (ExecutionException e) {
            throw new StoreUnavailableException("saving the catalog", e);
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("saving the catalog: no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("saving the catalog: interrupted", e);
        }
    }
}
