package dev.quotary.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Reads an instant as people write it: a date, which is its midnight in UTC, or a time with its offset. */
final class Moments {
    private static final int DATE_LENGTH = 10;

    private Moments() {}

    /** @throws DateTimeException if it is neither */
    static Instant of(String text) {
        return text.length() == DATE_LENGTH
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : OffsetDateTime.parse(text).toInstant();
    }
}
