package dev.quotary.sql;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices that this process stood still: it was stopped, its machine slept or swapped. What was known of the world before may be wrong
 * afterwards, however short the time seemed. Safe for many threads.
 */
final class Pulse {
    /** How often it is to {@link #beat}. */
    static final Duration EVERY = Duration.ofMillis(500);
    /** A busy machine may well be late by so much. */
    private static final long PAUSE_NANOS_MAX = Duration.ofSeconds(5).toNanos();

    private final LongSupplier nanoTime;
    private volatile long last;
    private volatile long movingSince;

    Pulse(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
        this.movingSince = last;
    }

    synchronized void beat() {
        long now = nanoTime.getAsLong();
        if (now - last > PAUSE_NANOS_MAX) {
            movingSince = now;
        }
        last = now;
    }

    /** Whether this process has not stood still since a moment of the same clock. */
    boolean movingSince(long moment) {
        return nanoTime.getAsLong() - last <= PAUSE_NANOS_MAX && moment - movingSince >= 0;
    }
}
