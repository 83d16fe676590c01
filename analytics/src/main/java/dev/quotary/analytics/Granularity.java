package dev.quotary.analytics;

import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import dev.quotary.time.WindowSpec.CalendarUnit;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a range is cut into buckets: by the calendar of a time zone, or not at all. */
public enum Granularity {
    MINUTE(CalendarUnit.MINUTE),
    HOUR(CalendarUnit.HOUR),
    DAY(CalendarUnit.DAY),
    /** Of ISO 8601: from Monday on. */
    WEEK(CalendarUnit.WEEK),
    MONTH(CalendarUnit.MONTH),
    /** One bucket: the range. */
    TOTAL(null);

    /** Most buckets of a range: a week of minutes, or a year of hours. */
    public static final int BUCKETS_MAX = 11_000;

    private final Optional<CalendarUnit> unit;

    Granularity(@Nullable CalendarUnit unit) {
        this.unit = Optional.ofNullable(unit);
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Granularity> ofKey(String key) {
        return Stream.of(values()).filter(each -> each.key().equals(key)).findFirst();
    }

    /**
     * The buckets of a range, in their order and without gaps. The first begins with the range and the last ends with it, also where the
     * calendar's unit does not.
     *
     * @throws IllegalArgumentException if there were more than {@link #BUCKETS_MAX}
     */
    public List<Range> buckets(Range range, ZoneId zone) {
        if (unit.isEmpty()) {
            return List.of(range);
        }
        var window = new WindowSpec.Calendar(unit.get());
        var calendar = WindowCalendar.of(zone, LocalDate.EPOCH);
        var buckets = new ArrayList<Range>();
        for (var from = range.from();
                from.isBefore(range.until());
                from = buckets.getLast().until()) {
            if (buckets.size() == BUCKETS_MAX) {
                throw new IllegalArgumentException(
                        "expected a range of at most " + BUCKETS_MAX + " buckets; ask for a coarser granularity");
            }
            var end = window.at(from, calendar).end();
            buckets.add(new Range(from, earlier(end, range.until())));
        }
        return buckets;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
