package dev.quotary.sql;

import dev.quotary.catalog.CatalogStore;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The catalog in SQL, on SQLite or PostgreSQL. It is written by the same thread as the ledger, so that neither ever waits for the other's lock. */
public final class SqlCatalogStore implements CatalogStore {
    private static final String SELECT = """
            SELECT kind, organization, document_key, body FROM catalog_document ORDER BY kind, organization, document_key""";
    private static final Insert UPSERT = Insert.into("catalog_document")
            .texts("organization", "kind", "document_key", "body")
            .onConflict("(organization, kind, document_key) DO UPDATE SET body = excluded.body");
    private static final String NEXT_VERSION = "UPDATE catalog_version SET version = version + 1 RETURNING version";
    private static final String CHANGED_IN = """
            UPDATE catalog_document d SET changed_in = ? FROM unnest(?, ?, ?) AS saved (organization, kind, document_key)
            WHERE d.organization = saved.organization AND d.kind = saved.kind AND d.document_key = saved.document_key""";
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
     */
    public record Changes(long version, List<Document> documents) {
        public Changes {
            documents = List.copyOf(documents);
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
            if (version <= since) {
                return new Changes(version, List.of());
            }
            session.fill(CHANGES).number(since);
            var documents = new ArrayList<Document>();
            try (var rows = session.prepared(CHANGES).executeQuery()) {
                while (rows.next()) {
                    var columns = new Columns(rows);
                    documents.add(new Document(columns.text(), columns.text(), columns.text(), columns.text()));
                }
            }
            return new Changes(version, documents);
        });
    }

    @Override
    public void save(List<Document> documents) {
        if (documents.isEmpty()) {
            return;
        }
        var save = new Save(latest(documents), new CompletableFuture<>());
        database.writer().submit(save);
        try {
            save.answer.get(SAVE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StoreUnavailableException("saving the catalog", e);
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("saving the catalog: no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("saving the catalog: interrupted", e);
        }
    }

    /** The last document of each key, in the order of the keys: two processes that save never wait for each other in a circle. */
    private static SortedMap<Key, String> latest(List<Document> documents) {
        var latest = new TreeMap<Key, String>();
        documents.forEach(document ->
                latest.put(new Key(document.organization(), document.kind(), document.key()), document.body()));
        return latest;
    }

    private record Key(String organization, String kind, String key) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::organization).thenComparing(Key::kind).thenComparing(Key::key);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private record Save(SortedMap<Key, String> documents, CompletableFuture<Void> answer) implements Work {
        @Override
        public int rows() {
            return Math.min(documents.size(), GroupWriter.ROWS_PER_TRANSACTION);
        }

        @Override
        public void write(Tables tables) throws SQLException {
            var session = tables.session();
            boolean shared = session.dialect() == Dialect.POSTGRES;
            // Its row is locked until the end of the transaction: versions become visible in their order.
            long version = shared ? nextVersion(session) : 0;
            var rows = session.rows(UPSERT);
            for (var document : documents.entrySet()) {
                var key = document.getKey();
                rows.text(key.organization()).text(key.kind()).text(key.key()).text(document.getValue());
                rows.end();
            }
            rows.write();
            if (shared) {
                changedIn(session, version);
            }
        }

        private static long nextVersion(Session session) throws SQLException {
            try (var row = session.prepared(NEXT_VERSION).executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("the version of the catalog is gone");
                }
                return row.getLong(1);
            }
        }

        private void changedIn(Session session, long version) throws SQLException {
            var statement = session.prepared(CHANGED_IN);
            statement.setLong(1, version);
            statement.setObject(
                    2, documents.keySet().stream().map(Key::organization).toArray(String[]::new));
            statement.setObject(3, documents.keySet().stream().map(Key::kind).toArray(String[]::new));
            statement.setObject(4, documents.keySet().stream().map(Key::key).toArray(String[]::new));
            statement.executeUpdate();
        }

        @Override
        public void completed() {
            answer.complete(null);
        }

        @Override
        public void failed(StoreUnavailableException why) {
            answer.completeExceptionally(why);
        }
    }
}
