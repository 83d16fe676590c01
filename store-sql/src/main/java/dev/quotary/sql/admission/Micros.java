package dev.quotary.sql.admission;

import java.time.Instant;

/** Bounds of windows as the tables keep them: whole microseconds since 1970. They are whole seconds, so that nothing is rounded. */
final class Micros {
    private static final long PER_SECOND = 1_000_000;

    private Micros() {}

    static long of(Instant instant) {
        return Math.multiplyExact(instant.getEpochSecond(), PER_SECOND);
    }
}
