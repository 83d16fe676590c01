package dev.quotary.sql;

import dev.quotary.call.KeyId;
import dev.quotary.catalog.KeyUses;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** When API keys were used last, in SQL. */
public final class SqlKeyUses implements KeyUses {
    private static final Insert UPSERT = Insert.into("key_use")
            .texts("key_id")
            .numbers("last_used")
            .onConflict(
                    "(key_id) DO UPDATE SET last_used = excluded.last_used WHERE excluded.last_used > key_use.last_used");
    private static final String SINCE = "SELECT key_id, last_used FROM key_use WHERE last_used >= ?";
    private static final int SAVE_SECONDS_MAX = 30;

    private final SqlAccess database;

    public SqlKeyUses(SqlDatabase database) {
        this.database = SqlAccess.of(database);
    }

    @Override
    public Map<KeyId, Instant> since(Instant from) {
        return database.readers().run(session -> {
            session.fill(SINCE).number(Micros.of(from));
            var uses = new HashMap<KeyId, Instant>();
            try (var rows = session.prepared(SINCE).executeQuery()) {
                while (rows.next()) {
                    var columns = new Columns(rows);
                    uses.put(new KeyId(columns.text()), Micros.instant(columns.number()));
                }
            }
            return uses;
        });
    }

    @Override
    public void save(Map<KeyId, Instant> uses) {
        if (uses.isEmpty()) {
            return;
        }
        // In the order of the keys: two servers that save never wait for each other in a circle.
        var sorted = new TreeMap<String, Instant>();
        uses.forEach((key, at) -> sorted.put(key.value(), at));
        var save = new Save(sorted, new CompletableFuture<>());
        database.writer().submit(save);
        try {
            save.answer.get(SAVE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StoreUnavailableException("saving uses of keys", e);
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("saving uses of keys: no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("saving uses of keys: interrupted", e);
        }
    }

    private record Save(SortedMap<String, Instant> uses, CompletableFuture<Void> answer) implements Work {
        @Override
        public int rows() {
            return Math.min(uses.size(), GroupWriter.ROWS_PER_TRANSACTION);
        }

        @Override
        public void write(Tables tables) throws SQLException {
            var rows = tables.session().rows(UPSERT);
            for (var use : uses.entrySet()) {
                rows.text(use.getKey()).number(Micros.of(use.getValue()));
                rows.end();
            }
            rows.write();
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
