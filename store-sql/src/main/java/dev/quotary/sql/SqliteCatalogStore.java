package dev.quotary.sql;

import dev.quotary.catalog.CatalogStore;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The catalog on SQLite. It is written by the same thread as the ledger, so that neither ever waits for the other's lock. */
public final class SqliteCatalogStore implements CatalogStore {
    private static final String SELECT = """
            SELECT kind, organization, document_key, body FROM catalog_document ORDER BY kind, organization, document_key""";
    private static final String UPSERT = """
            INSERT INTO catalog_document (kind, organization, document_key, body) VALUES (?, ?, ?, ?)
            ON CONFLICT (organization, kind, document_key) DO UPDATE SET body = excluded.body""";
    private static final int SAVE_SECONDS_MAX = 30;

    private final SqliteDatabase database;

    public SqliteCatalogStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public List<Document> load() {
        return database.readers().run(session -> {
            var documents = new ArrayList<Document>();
            try (var rows = session.prepared(SELECT).executeQuery()) {
                while (rows.next()) {
                    var columns = new Columns(rows);
                    documents.add(new Document(columns.text(), columns.text(), columns.text(), columns.text()));
                }
            }
            return List.copyOf(documents);
        });
    }

    @Override
    public void save(List<Document> documents) {
        if (documents.isEmpty()) {
            return;
        }
        var save = new Save(List.copyOf(documents), new CompletableFuture<>());
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

    private record Save(List<Document> documents, CompletableFuture<Void> answer) implements Work {
        @Override
        public int rows() {
            return Math.min(documents.size(), GroupWriter.ROWS_PER_TRANSACTION);
        }

        @Override
        public void write(Tables tables) throws SQLException {
            for (var document : documents) {
                tables.session()
                        .fill(UPSERT)
                        .text(document.kind())
                        .text(document.organization())
                        .text(document.key())
                        .text(document.body());
                tables.session().prepared(UPSERT).executeUpdate();
            }
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
