package dev.quotary.sql.admission;

import dev.quotary.limit.Limiter;
import dev.quotary.testkit.LimiterProperties;
import dev.quotary.testkit.postgres.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresLimiterProperties implements LimiterProperties {
    private final LimiterDatabase database = new LimiterDatabase(PostgresServer.shared());
    private final PostgresLimiter limiter = database.node("node-1");

    @AfterAll
    void close() {
        limiter.close();
    }

    @Override
    public Limiter limiter() {
        database.empty();
        return limiter;
    }

    @Override
    public int seeds() {
        return 60;
    }
}
