package dev.quotary.sql.query;

import dev.quotary.sql.FoldPlace;
import dev.quotary.sql.Micros;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A table that answers for pieces of time. */
enum Source {
    EVENTS("usage_event", "time", Unit.MICRO),
    HOURS("usage_hour", "hour", Unit.HOUR),
    /** Hourly rows that are not summed up elsewhere yet. */
    REST("usage_hour", "hour", Unit.HOUR),
    /** All subjects together. */
    TOTALS("usage_total", "hour", Unit.HOUR),
    DAYS("usage_day", "day", Unit.DAY),
    /** Each subject, nothing else told apart. */
    MONTHS("usage_month", "month", Unit.MONTH);

    static final long MICROS_PER_HOUR = 3_600_000_000L;
    private static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

    /** What one row sums up: a stretch of UTC. */
    private enum Unit {
        MICRO,
        HOUR,
        DAY,
        MONTH
    }

    private final String table;
    private final String time;
    private final Unit unit;

    Source(String table, String time, Unit unit) {
        this.table = table;
        this.time = time;
        this.unit = unit;
    }

    String table() {
        return table;
    }

    /** The column of time: of an event, or of the begin of what a row sums up. */
    String time() {
        return time;
    }

    /** The begin of the unit that an instant is in; both in {@link Micros}. */
    long start(long at) {
        return switch (unit) {
            case MICRO -> at;
            case HOUR -> Math.floorDiv(at, MICROS_PER_HOUR) * MICROS_PER_HOUR;
            case DAY -> Math.floorDiv(at, MICROS_PER_DAY) * MICROS_PER_DAY;
            case MONTH -> month(at, 0);
        };
    }

    /** The end of the unit that an instant is in. */
    long end(long at) {
        return switch (unit) {
            case MICRO -> at + 1;
            case HOUR -> start(at) + MICROS_PER_HOUR;
            case DAY -> start(at) + MICROS_PER_DAY;
            case MONTH -> month(at, 1);
        };
    }

    /** The first begin of a unit that is not before an instant. */
    long next(long at) {
        return start(at) == at ? at : end(at);
    }

    /** What rows of {@link #REST} meet: they are summed up in no other table. */
    static Text rest(FoldPlace place) {
        var next = place.next();
        return new Text()
                .add(" AND (r.hour, r.subject, r.provider, r.model, r.feature) >= (")
                .value(next.hour())
                .add(", ")
                .value(next.subject())
                .add(", ")
                .value(next.provider())
                .add(", ")
                .value(next.model())
                .add(", ")
                .value(next.feature())
                .add(")");
    }

    private static long month(long at, int later) {
        var first = LocalDate.ofInstant(Micros.instant(at), ZoneOffset.UTC)
                .withDayOfMonth(1)
                .plusMonths(later);
        return Micros.of(first.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
