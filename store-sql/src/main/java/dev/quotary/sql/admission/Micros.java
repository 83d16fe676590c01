package dev.quotary.sql.admission;

import java.time.Instant;

/** Instants as the tables keep them: whole microseconds since 1970. */
final class Micros {
    private static final long PER_SECOND = 1_000_000;
    private static final long NANOS_EACH = 1_000;

    private Micros() {}

    static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / NANOS_EACH);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * NANOS_EACH);
    }
}
