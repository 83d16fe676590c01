package dev.quotary.bench;

import dev.quotary.sql.LedgerParticipant;
import dev.quotary.sql.PostgresDatabase;
import dev.quotary.sql.PostgresUrl;
import dev.quotary.sql.SqliteDatabase;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The rows of the benchmark's events by JDBC alone, in the same tables: each batch a transaction with its events, the two hourly sums and
 * the sum of the limit. It parses nothing, checks nothing, knows no limits and answers nobody: what it reaches is what a database and its
 * driver can take.
 */
final class BareWriter {
    private static final long HOUR = 3_600_000_000L;
    private static final long DAY = 24 * HOUR;
    private static final int TOKENS = 420;
    private static final String ZEROS = ", 0".repeat(18);
    private static final String COLUMNS = """
            INSERT INTO usage_event (organization, id, time, subject, api_key, model, dimensions, quantities, metadata, fingerprint,
                source, name, type, received, requests, tokens_input, tokens_output, tokens, cost, input, cached_input, cache_write_5m,
                cache_write_1h, input_audio, output, output_audio, reasoning, evidence, outcome, latency_ms, queue_wait_ms, late""";
    private static final String VALUES = ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?" + ZEROS;
    private static final String ONCE = ") ON CONFLICT (organization, id) DO NOTHING";
    private static final String EVENT = COLUMNS + VALUES + ONCE;
    /** SQLite numbers rows by itself. */
    private static final String NUMBERED_EVENT = COLUMNS + ", number" + VALUES + ", ?" + ONCE;

    private static final String USAGE = """
            INSERT INTO usage_hour (organization, hour, subject, provider, model, feature, events, errors, requests, tokens_input,
                tokens_output, tokens, input, cached_input, cache_write_5m, cache_write_1h, input_audio, output, output_audio, reasoning,
                cost, latency_ms) VALUES (?, ?, ?, '', ?, '', ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            ON CONFLICT (organization, hour, subject, provider, model, feature) DO UPDATE SET events = usage_hour.events + excluded.events""";
    private static final String METER = """
            INSERT INTO meter_hour (organization, meter, hour, row_id, subject, dimensions, events, amount, least, most)
            VALUES (?, 'tokens_used', ?, ?, ?, ?, ?, ?, 420, 420)
            ON CONFLICT (organization, meter, hour, row_id) DO UPDATE SET events = meter_hour.events + excluded.events,
                amount = meter_hour.amount + excluded.amount""";
    private static final String SUM = """
            INSERT INTO window_sum (organization, counted, window_start, scope_value, window_end, used) VALUES (?, 'tokens_used', ?, ?, ?, ?)
            ON CONFLICT (organization, counted, window_start, scope_value) DO UPDATE SET used = window_sum.used + excluded.used""";

    private final Connection connection;
    private final boolean sqlite;
    private final SplittableRandom random = new SplittableRandom(7);
    private final long now = Instant.now().getEpochSecond() * 1_000_000;
    private final long hour = now / HOUR * HOUR;
    private final long day = now / DAY * DAY;
    private long number;

    private BareWriter(Connection connection, boolean sqlite) {
        this.connection = connection;
        this.sqlite = sqlite;
    }

    static void run(String url, Path directory, long events, int batch) throws SQLException {
        boolean sqlite = url.equals("sqlite");
        try (var connection = sqlite ? sqlite(directory.resolve("bare.db")) : postgres(url)) {
            connection.setAutoCommit(false);
            var writer = new BareWriter(connection, sqlite);
            long begun = System.nanoTime();
            for (long written = 0; written < events; written += batch) {
                writer.batch(batch);
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(Locale.ROOT, "run per_second=%.0f%n", events / seconds);
        }
    }

    private static Connection sqlite(Path file) throws SQLException {
        SqliteDatabase.open(file).close();
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA cache_size = -65536");
        }
        return connection;
    }

    private static Connection postgres(String url) throws SQLException {
        PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE).close();
        int at = url.lastIndexOf('@');
        var user = url.substring("postgresql://".length(), at).split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + url.substring(at + 1) + "?reWriteBatchedInserts=true",
                user[0],
                URLDecoder.decode(user[1], StandardCharsets.UTF_8));
    }

    private void batch(int size) throws SQLException {
        Map<String, Map<String, Integer>> rows = new TreeMap<>();
        try (var event = connection.prepareStatement(sqlite ? EVENT : NUMBERED_EVENT)) {
            for (int i = 0; i < size; i++) {
                event(event, rows);
                if (sqlite) {
                    event.executeUpdate();
                } else {
                    event.addBatch();
                }
            }
            if (!sqlite) {
                event.executeBatch();
            }
        }
        sums(rows);
        connection.commit();
    }

    private void event(PreparedStatement event, Map<String, Map<String, Integer>> rows) throws SQLException {
        number++;
        var subject = String.format(Locale.ROOT, "user-%04d", random.nextInt(EventBodies.SUBJECTS));
        var model = EventBodies.MODELS[random.nextInt(EventBodies.MODELS.length)];
        rows.computeIfAbsent(subject, _ -> new HashMap<>()).merge(model, 1, Integer::sum);
        event.setString(1, "bench");
        event.setBytes(
                2,
                ByteBuffer.allocate(16)
                        .putLong((now / 1000 + number / 40) << 16)
                        .putLong(random.nextLong())
                        .array());
        event.setLong(3, now);
        event.setString(4, subject);
        event.setString(5, "key_0123456789abcdef");
        event.setString(6, model);
        event.setString(7, "kind=output");
        event.setString(8, "tokens_used=420");
        event.setString(9, "{\"tokens\":420,\"model\":\"" + model + "\",\"kind\":\"output\"}");
        event.setLong(10, random.nextLong());
        event.setString(11, "bench/writer");
        event.setString(12, new UUID(number, random.nextLong()).toString());
        event.setString(13, "prompt");
        event.setLong(14, now);
        if (!sqlite) {
            event.setLong(15, number);
        }
    }

    private void sums(Map<String, Map<String, Integer>> rows) throws SQLException {
        try (var usage = connection.prepareStatement(USAGE);
                var meter = connection.prepareStatement(METER);
                var sum = connection.prepareStatement(SUM)) {
            for (var subject : rows.entrySet()) {
                int all = 0;
                for (var model : subject.getValue().entrySet()) {
                    all += model.getValue();
                    put(usage, "bench", hour, subject.getKey(), model.getKey(), model.getValue());
                    var dimensions = "kind=output model=" + model.getKey();
                    var id = ByteBuffer.allocate(16)
                            .putLong(subject.getKey().hashCode() * 0x9e3779b97f4a7c15L)
                            .putLong(model.getKey().hashCode())
                            .array();
                    put(
                            meter,
                            "bench",
                            hour,
                            id,
                            subject.getKey(),
                            dimensions,
                            model.getValue(),
                            model.getValue() * TOKENS);
                }
                put(sum, "bench", day, subject.getKey(), day + DAY, all * TOKENS);
            }
            for (var statement : new PreparedStatement[] {usage, meter, sum}) {
                statement.executeBatch();
            }
        }
    }

    private static void put(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }
}
