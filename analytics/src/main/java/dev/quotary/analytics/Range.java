package dev.quotary.analytics;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** A stretch of time that is asked about: {@code from} is inside, {@code until} is not. */
public record Range(Instant from, Instant until) {
    /** The first and the last instant that may be asked about, far beyond every event. */
    private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    public Range {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException(
                    "expected a range that ends after it begins, was " + from + " to " + until);
        }
        if (from.isBefore(EARLIEST) || until.isAfter(LATEST)) {
            throw new IllegalArgumentException("expected a range between " + EARLIEST + " and " + LATEST);
        }
    }

    public boolean contains(Instant at) {
        return !at.isBefore(from) && at.isBefore(until);
    }

    /**
     * The period before this one. Whole months are compared with as many months before, whole days with as many days before (so that a
     * change of the clocks moves nothing), anything else with a stretch of the same length.
     */
    public Range previous(ZoneId zone) {
        var first = from.atZone(zone).toLocalDate();
        var end = until.atZone(zone).toLocalDate();
        if (!startsDay(from, first, zone) || !startsDay(until, end, zone)) {
            return new Range(from.minus(Duration.between(from, until)), from);
        }
        if (first.getDayOfMonth() == 1 && end.getDayOfMonth() == 1) {
            return new Range(start(first.minusMonths(ChronoUnit.MONTHS.between(first, end)), zone), from);
        }
        return new Range(start(first.minusDays(ChronoUnit.DAYS.between(first, end)), zone), from);
    }

    private static boolean startsDay(Instant at, LocalDate date, ZoneId zone) {
        return start(date, zone).equals(at);
    }

    private static Instant start(LocalDate date, ZoneId zone) {
        return date.atStartOfDay(zone).toInstant();
    }
}
