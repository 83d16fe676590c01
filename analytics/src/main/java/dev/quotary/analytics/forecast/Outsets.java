package dev.quotary.analytics.forecast;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.Value;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Finds out what is known when a forecast is made. */
public final class Outsets {
    private static final int HOUR_SECONDS = 3600;

    private Outsets() {}

    /**
     * What is known of a period.
     *
     * @param now within the period
     * @return empty if the days cannot be told, as single events would have to be looked at and are too many
     */
    public static CompletionStage<Optional<Outset>> of(Period period, DailyUse use, Instant now) {
        var zone = countable(period.zone(), now);
        var midnight = now.atZone(zone).toLocalDate();
        var first = midnight.minusDays(Outset.DAYS_MAX).atStartOfDay(zone).toInstant();
        var tomorrow = midnight.plusDays(1).atStartOfDay(zone).toInstant();
        var range = new Range(first, tomorrow);
        return use.byDay(range, zone).thenApply(answer -> switch (answer) {
            case Answer.TooManyEvents _ -> Optional.empty();
            case Answer.Told told -> Optional.of(outset(period, told, now, zone));
        });
    }

    /** Rollups are kept by hours of UTC: where a zone's midnight is none of these, the days are those of UTC. */
    private static ZoneId countable(ZoneId zone, Instant now) {
        return zone.getRules().getOffset(now).getTotalSeconds() % HOUR_SECONDS == 0 ? zone : ZoneOffset.UTC;
    }

    private static Outset outset(Period period, Answer.Told told, Instant now, ZoneId zone) {
        var days = new long[told.buckets().size()];
        for (var cell : cells(told)) {
            days[cell.bucket()] = units(cell.values().getFirst());
        }
        int last = days.length - 1;
        var history = new ArrayList<Long>();
        for (int i = 0; i < last; i++) {
            if (days[i] > 0 || !history.isEmpty()) {
                history.add(days[i]);
            }
        }
        var end = period.range().until();
        var today = told.buckets().getLast();
        var cut = today.until().isAfter(end) ? new Range(today.from(), end) : today;
        var coming = end.isAfter(today.until())
                ? Granularity.DAY.buckets(new Range(today.until(), end), zone)
                : List.<Range>of();
        return new Outset(
                history,
                cut,
                now,
                days[last],
                coming,
                period.used().orElseGet(() -> sum(told, days, period)),
                period.maximum());
    }

    private static List<Series.Cell> cells(Answer.Told told) {
        return told.series().isEmpty() ? List.of() : told.series().getFirst().cells();
    }

    private static long units(Value value) {
        return switch (value) {
            case Value.Whole(long units) -> units;
            case Value.Nothing _ -> 0;
            case Value.Quotient _ -> throw new IllegalStateException("expected a sum, was a quotient");
        };
    }

    private static long sum(Answer.Told told, long[] days, Period period) {
        long sum = 0;
        for (int i = 0; i < days.length; i++) {
            if (!told.buckets().get(i).from().isBefore(period.range().from())) {
                sum = Math.addExact(sum, days[i]);
            }
        }
        return sum;
    }
}
