package dev.quotary.sql;

import java.time.Instant;

/**
 * Instants as SQL keeps them: whole microseconds since 1970 in UTC, rounded down. Windows begin and end at whole seconds, so that
 * rounding never moves an event into another window.
 */
public final class Micros {
    private static final long PER_SECOND = 1_000_000;
    private static final long NANOS_EACH = 1_000;
    private static final long SECONDS_MAX = Long.MAX_VALUE / PER_SECOND - 1;

    private Micros() {}

    public static long of(Instant instant) {
        long seconds = instant.getEpochSecond();
        if (seconds > SECONDS_MAX || seconds < -SECONDS_MAX) {
            throw new IllegalArgumentException("expected a time within 290,000 years of 1970, was " + instant);
        }
        return seconds * PER_SECOND + instant.getNano() / NANOS_EACH;
    }

    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * NANOS_EACH);
    }
}
