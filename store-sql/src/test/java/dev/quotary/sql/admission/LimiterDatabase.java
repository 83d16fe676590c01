package dev.quotary.sql.admission;

import dev.quotary.sql.LedgerParticipant;
import dev.quotary.sql.PostgresDatabase;
import dev.quotary.sql.PostgresUrl;
import dev.quotary.testkit.postgres.PostgresServer;
import java.sql.Connection;

/** A database with all tables, and limiters on it as so many nodes. */
final class LimiterDatabase {
    private final PostgresServer server;
    private final String url;

    LimiterDatabase(PostgresServer server) {
        this.server = server;
        this.url = server.newDatabase();
        PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE).close();
    }

    PostgresLimiter node(String name) {
        return node(name, PostgresLimiterOptions.DEFAULT);
    }

    PostgresLimiter node(String name, PostgresLimiterOptions options) {
        return new PostgresLimiter(this::connect, name, options);
    }

    PostgresNodes nodes(String name) {
        return new PostgresNodes(this::connect, name);
    }

    void empty() {
        execute("TRUNCATE admission_gate, counter_held, reservation, window_sum, usage_event, node");
    }

    Connection connect() {
        return server.connect(url);
    }

    long number(String sql) {
        return server.number(url, sql);
    }

    void execute(String sql) {
        server.execute(url, sql);
    }
}
