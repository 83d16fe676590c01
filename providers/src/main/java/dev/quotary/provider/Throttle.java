package dev.quotary.provider;

import java.time.Duration;

/**
 * A rate limit that a client should wait for.
 *
 * @param max allowed per window
 * @param remaining left in this window
 * @param retryIn until the call may pass
 */
public record Throttle(Rate rate, long max, long remaining, Duration retryIn) {
    /** What is limited. */
    public enum Rate {
        REQUESTS,
        TOKENS
    }

    public Throttle {
        if (max < 0 || remaining < 0 || retryIn.isNegative()) {
            throw new IllegalArgumentException(
                    "expected 0 or more, was max " + max + ", remaining " + remaining + ", retry in " + retryIn);
        }
    }

    /** The wait in milliseconds, rounded up: a client that comes back on time must not be early. */
    public long retryInMillis() {
        return retryIn.plusNanos(999_999).toMillis();
    }
}
