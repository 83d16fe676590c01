package dev.quotary.ledger;

import org.jspecify.annotations.Nullable;

/**
 * How a metered call went.
 *
 * @param errorType what kind of error; null on success
 * @param latencyMillis from the call to the provider's last byte
 * @param queueWaitMillis how long it waited before it was made
 * @param late whether it was committed after its reservation had expired
 */
public record Result(
        Outcome outcome, @Nullable String errorType, long latencyMillis, long queueWaitMillis, boolean late) {
    public static final Result SUCCESS = new Result(Outcome.SUCCESS, null, 0, 0, false);
    private static final long DURATION_MILLIS_MAX = 1_000L * 3600 * 24 * 366;
    private static final int ERROR_TYPE_LENGTH_MAX = 128;

    public Result {
        check("latency_ms", latencyMillis);
        check("queue_wait_ms", queueWaitMillis);
        if (errorType != null && errorType.length() > ERROR_TYPE_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "expected error_type of at most " + ERROR_TYPE_LENGTH_MAX + " characters");
        }
    }

    private static void check(String what, long millis) {
        if (millis < 0 || millis > DURATION_MILLIS_MAX) {
            throw new IllegalArgumentException(
                    "expected " + what + " of 0.." + DURATION_MILLIS_MAX + ", was " + millis);
        }
    }

    public Result lateIf(boolean isLate) {
        return new Result(outcome, errorType, latencyMillis, queueWaitMillis, isLate);
    }
}
