package dev.quotary.sql.admission;

import java.time.Duration;

/**
 * How the limiter uses its database.
 *
 * @param dispatchers transactions that are decided side by side, each with a connection of its own
 * @param groupMax decisions of one transaction, at most
 * @param deadline how long a caller waits at most
 */
public record PostgresLimiterOptions(int dispatchers, int groupMax, Duration deadline) {
    public static final PostgresLimiterOptions DEFAULT = new PostgresLimiterOptions(2, 500, Duration.ofSeconds(5));

    private static final int DISPATCHERS_MAX = 8;

    public PostgresLimiterOptions {
        if (dispatchers < 1 || dispatchers > DISPATCHERS_MAX) {
            throw new IllegalArgumentException("expected 1.." + DISPATCHERS_MAX + " dispatchers, was " + dispatchers);
        }
    }
}
