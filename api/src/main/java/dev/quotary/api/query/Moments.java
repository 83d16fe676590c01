package dev.quotary.api.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Reads an instant as people write it: a date, which is its midnight, or a time with its offset. */
public final class Moments {
    private static final int DATE_LENGTH = 10;

    private Moments() {}

    /**
     * As {@link #of(String, ZoneId)}, dates in UTC.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Instant of(String text) {
        return of(text, ZoneOffset.UTC);
    }

    /** As {@link #of(String, ZoneId)}, out of a query, where a plus that nobody has encoded arrives as a space. */
    public static Instant inQuery(String text, ZoneId zone) {
        return of(text.replace(' ', '+'), zone);
    }

    /**
     * @param zone of dates
     * @throws IllegalArgumentException if it is neither
     */
    public static Instant of(String text, ZoneId zone) {
        try {
            return text.length() == DATE_LENGTH
                    ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "expected a date such as 2026-11-27 or a time such as 2026-11-27T10:00:00Z, was '" + text + "'", e);
        }
    }
}
