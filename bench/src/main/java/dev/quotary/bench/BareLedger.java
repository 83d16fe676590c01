package dev.quotary.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The least that it costs to keep the promise of a durable and queryable record of each call: an append and one sync for all that wait,
 * and rows of the size of the ledger's in SQLite, with its three indexes, in a transaction for all that came within 100 ms. It knows no
 * counters, sums, duplicates, prices or failures.
 */
final class BareLedger {
    private static final int RECORD_BYTES = 256;
    private static final int TEXTS = 8;
    private static final int NUMBERS = 20;
    private static final long FOLD_NANOS = 100_000_000;
    private static final long LINGER_NANOS = 250_000;
    private static final int BUSY_GROUP = 6;

    private final LinkedBlockingQueue<CompletableFuture<Void>> waiting = new LinkedBlockingQueue<>();
    private final AtomicLong unfolded = new AtomicLong();
    private final RandomAccessFile log;
    private final Connection database;

    BareLedger(Path directory) throws IOException, SQLException {
        this.log = new RandomAccessFile(directory.resolve("bare.log").toFile(), "rw");
        this.database = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("bare.db"));
        try (var statement = database.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute(table());
            statement.execute("CREATE UNIQUE INDEX event_id ON event (t0, id)");
            statement.execute("CREATE INDEX event_subject ON event (t0, t1, time)");
            statement.execute("CREATE INDEX event_time ON event (t0, time)");
        }
        database.setAutoCommit(false);
        Thread.ofPlatform().name("bare-log").daemon().start(this::keep);
        Thread.ofPlatform().name("bare-rows").daemon().start(this::fold);
    }

    private static String table() {
        var columns = new StringBuilder(
                "CREATE TABLE event (number INTEGER PRIMARY KEY, id BLOB NOT NULL, time INTEGER NOT NULL");
        for (int i = 0; i < TEXTS; i++) {
            columns.append(", t").append(i).append(" TEXT");
        }
        for (int i = 0; i < NUMBERS; i++) {
            columns.append(", n").append(i).append(" INTEGER NOT NULL");
        }
        return columns.append(") STRICT").toString();
    }

    /** Completes when a record is on the disk. */
    CompletionStage<Void> append() {
        var answer = new CompletableFuture<Void>();
        waiting.add(answer);
        return answer;
    }

    private void keep() {
        try {
            List<CompletableFuture<Void>> group = new ArrayList<>();
            while (true) {
                int last = group.size();
                group.clear();
                group.add(waiting.take());
                if (last >= BUSY_GROUP) {
                    LockSupport.parkNanos(LINGER_NANOS);
                }
                waiting.drainTo(group);
                log.write(new byte[group.size() * RECORD_BYTES]);
                log.getFD().sync();
                unfolded.addAndGet(group.size());
                group.forEach(answer -> answer.complete(null));
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fold() {
        var values = ",?".repeat(2 + TEXTS + NUMBERS).substring(1);
        try (var insert = database.prepareStatement("INSERT INTO event VALUES (NULL," + values + ")")) {
            while (true) {
                LockSupport.parkNanos(FOLD_NANOS);
                for (long rows = unfolded.getAndSet(0); rows > 0; rows--) {
                    fill(insert);
                    insert.executeUpdate();
                }
                database.commit();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fill(PreparedStatement insert) throws SQLException {
        long now = System.currentTimeMillis();
        var random = ThreadLocalRandom.current();
        insert.setBytes(
                1,
                ByteBuffer.allocate(16).putLong(now).putLong(random.nextLong()).array());
        insert.setLong(2, now * 1_000);
        insert.setString(3, "bench");
        insert.setString(4, "user-" + random.nextInt(64));
        for (int i = 2; i < TEXTS; i++) {
            insert.setString(3 + i, i % 2 == 0 ? "gpt-4o-mini" : null);
        }
        for (int i = 0; i < NUMBERS; i++) {
            insert.setLong(3 + TEXTS + i, i * 100L);
        }
    }
}
