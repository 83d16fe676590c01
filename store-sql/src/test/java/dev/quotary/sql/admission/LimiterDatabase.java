package dev.quotary.sql.admission;

import dev.quotary.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A database with the tables of the limiter, and limiters on it as so many nodes. */
final class LimiterDatabase {
    private static final String LEDGER = """
            CREATE TABLE IF NOT EXISTS usage_event (organization TEXT COLLATE "C", id BYTEA, PRIMARY KEY (organization, id));
            CREATE TABLE IF NOT EXISTS window_sum (organization TEXT COLLATE "C" NOT NULL, counted TEXT COLLATE "C" NOT NULL,
                window_start BIGINT NOT NULL, scope_value TEXT COLLATE "C" NOT NULL, window_end BIGINT NOT NULL,
                used BIGINT NOT NULL, level_time BIGINT, PRIMARY KEY (organization, counted, window_start, scope_value))
            """;

    private final PostgresServer server;
    private final String url;

    LimiterDatabase(PostgresServer server) {
        this.server = server;
        this.url = server.newDatabase();
        server.execute(url, LEDGER);
        server.execute(url, tables());
    }

    private static String tables() {
        try (var in = Objects.requireNonNull(PostgresLimiter.class.getResourceAsStream("limiter.sql"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    PostgresLimiter node(String name) {
        return node(name, PostgresLimiterOptions.DEFAULT);
    }

    PostgresLimiter node(String name, PostgresLimiterOptions options) {
        return new PostgresLimiter(() -> server.connect(url), name, options);
    }

    void empty() {
        server.execute(url, "TRUNCATE admission_gate, counter_held, reservation, window_sum, usage_event");
    }

    long number(String sql) {
        return server.number(url, sql);
    }

    void execute(String sql) {
        server.execute(url, sql);
    }
}
