package dev.quotary.gateway.upstream;

import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How often a call is sent again, and after how long.
 *
 * <p>Only what the provider surely did not serve, or does not bill: no connection came about, or it answered with one of {@link #STATUSES}
 * before anything went to the client.
 *
 * @param attempts with the first; 0 for one, and one more where there is another key or address
 * @param backoff before the second attempt; doubled for each further one, and about half of it left to chance
 * @param backoffMax where doubling ends
 * @param retryAfterMax a provider that wants to be left alone for longer is not asked again
 */
public record Retries(int attempts, Duration backoff, Duration backoffMax, Duration retryAfterMax) {
    public static final int ATTEMPTS_MAX = 10;
    public static final Duration WAIT_MAX = Duration.ofMinutes(1);
    public static final Duration BACKOFF = Duration.ofMillis(250);
    public static final Duration BACKOFF_MAX = Duration.ofSeconds(5);
    public static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(10);
    public static final Retries DEFAULT = new Retries(0, BACKOFF, BACKOFF_MAX, RETRY_AFTER_MAX);

    /**
     * The provider refused, or failed before it served. Not 504: there a server on the way gave up waiting for one that may have served the
     * call, and bill it.
     */
    private static final Set<Integer> STATUSES = Set.of(408, 429, 500, 502, 503, 529);

    public Retries {
        if (attempts < 0 || attempts > ATTEMPTS_MAX) {
            throw new IllegalArgumentException("expected attempts of 1.." + ATTEMPTS_MAX + ", was " + attempts);
        }
        check("backoff", backoff);
        check("backoff_max", backoffMax);
        check("retry_after_max", retryAfterMax);
    }

    private static void check(String name, Duration wait) {
        if (wait.isNegative() || wait.compareTo(WAIT_MAX) > 0) {
            throw new IllegalArgumentException("expected " + name + " of at most 1m, was " + wait);
        }
    }

    /** Whether an answer of this status says that nothing was served or billed. */
    public static boolean unserved(int status) {
        return STATUSES.contains(status);
    }

    /** Attempts in all. */
    public int attempts(boolean severalLanes) {
        return attempts > 0 ? attempts : severalLanes ? 2 : 1;
    }

    /**
     * How long to wait before the next attempt.
     *
     * @param made attempts so far
     */
    public Duration backoff(int made, RandomGenerator random) {
        long full = backoff.toMillis();
        for (int i = 1; i < made && full < backoffMax.toMillis(); i++) {
            full *= 2;
        }
        full = Math.min(full, backoffMax.toMillis());
        return Duration.ofMillis(full - random.nextLong(full / 2 + 1));
    }
}
