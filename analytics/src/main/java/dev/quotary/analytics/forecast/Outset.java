package dev.quotary.analytics.forecast;

import dev.quotary.analytics.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is known when a forecast is made.
 *
 * @param days use of whole days before today, the oldest first, at most {@link #DAYS_MAX}: from the first day with any use on
 * @param today the day that is running; cut where the period begins in it
 * @param now a moment of that day
 * @param usedToday since its beginning
 * @param coming the days after today until the period ends; the last may be cut
 * @param used in the period so far, exactly
 * @param maximum of the limit; empty where nothing is limited
 */
public record Outset(
        List<Long> days,
        Range today,
        Instant now,
        long usedToday,
        List<Range> coming,
        long used,
        OptionalLong maximum) {
    public static final int DAYS_MAX = 400;
    /** A year and a day: longer periods than that are not forecast. */
    public static final int COMING_MAX = 367;

    public Outset {
        days = List.copyOf(days);
        coming = List.copyOf(coming);
        if (days.size() > DAYS_MAX || coming.size() > COMING_MAX) {
            throw new IllegalArgumentException("expected at most " + DAYS_MAX + " days of history and " + COMING_MAX
                    + " to come, was " + days.size() + " and " + coming.size());
        }
        if (!today.contains(now)) {
            throw new IllegalArgumentException("expected a moment of " + today + ", was " + now);
        }
        if (used < 0 || usedToday < 0 || days.stream().anyMatch(units -> units < 0)) {
            throw new IllegalArgumentException("expected no negative use");
        }
    }

    /** When the period ends. */
    public Instant end() {
        return coming.isEmpty() ? today.until() : coming.getLast().until();
    }

    /** How much of today has passed, between 0 and 1. */
    double elapsed() {
        return share(today.from(), now);
    }

    private double share(Instant from, Instant until) {
        return (double) Duration.between(from, until).toMillis()
                / Duration.between(today.from(), today.until()).toMillis();
    }
}
