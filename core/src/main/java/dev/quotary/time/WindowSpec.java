package dev.quotary.time;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** How a limit divides time: a calendar unit, a billing period, all of time, or the calls running now. */
public sealed interface WindowSpec {
    WindowSpec LIFETIME = new Lifetime();
    WindowSpec IN_FLIGHT = new InFlight();

    /** The name in plans, JSON and SQL, such as {@code month} or {@code in-flight}. */
    String key();

    /**
     * The window that contains {@code at}.
     *
     * @param calendar the time zone, week and billing anchor of the organization
     */
    Window at(Instant at, WindowCalendar calendar);

    /** A unit of the calendar in the organization's time zone. */
    record Calendar(CalendarUnit unit) implements WindowSpec {
        @Override
        public String key() {
            return unit.key;
        }

        @Override
        public Window at(Instant at, WindowCalendar calendar) {
            return switch (unit) {
                case MINUTE -> clockWindow(at, calendar.zone(), 60);
                case HOUR -> clockWindow(at, calendar.zone(), 3600);
                case DAY -> dates(calendar.dateAt(at), ChronoUnit.DAYS, calendar.zone());
                case WEEK -> dates(weekStart(at, calendar), ChronoUnit.WEEKS, calendar.zone());
                case MONTH -> dates(calendar.dateAt(at).withDayOfMonth(1), ChronoUnit.MONTHS, calendar.zone());
            };
        }

        private static LocalDate weekStart(Instant at, WindowCalendar calendar) {
            return calendar.dateAt(at).with(TemporalAdjusters.previousOrSame(calendar.weekStart()));
        }

        /** Clock units follow the wall clock; a change of offset that does not fit the unit ends a window early. */
        private static Window clockWindow(Instant at, ZoneId zone, long seconds) {
            var rules = zone.getRules();
            long offset = rules.getOffset(at).getTotalSeconds();
            long start = Math.floorDiv(at.getEpochSecond() + offset, seconds) * seconds - offset;
            var window = new Window(Instant.ofEpochSecond(start), Instant.ofEpochSecond(start + seconds));
            if (rules.isFixedOffset()) {
                return window;
            }
            var last = rules.previousTransition(at.plusNanos(1));
            var next = rules.nextTransition(at);
            var from = last != null && last.getInstant().isAfter(window.start()) ? last.getInstant() : window.start();
            var until = next != null && next.getInstant().isBefore(window.end()) ? next.getInstant() : window.end();
            return new Window(from, until);
        }
    }

    /**
     * Any stretch of time as long as the unit, wherever it begins: a day is 24 hours, a week 168, in every zone.
     *
     * <p>Counted in {@link #SLICES} slices. A slice counts in full until the last instant of it is a whole unit ago, so that no stretch
     * of that length ever has more than the maximum; the price is that room comes back up to one slice late.
     *
     * @param unit minute, hour, day or week
     */
    record Sliding(CalendarUnit unit) implements WindowSpec {
        /** Slices of a unit. More would refuse less and take more memory for each counter. */
        public static final int SLICES = 60;

        private static final String PREFIX = "sliding-";

        public Sliding {
            if (unit == CalendarUnit.MONTH) {
                throw new IllegalArgumentException(
                        "expected a sliding minute, hour, day or week; months differ in length");
            }
        }

        @Override
        public String key() {
            return PREFIX + unit.key;
        }

        /** The slice that contains {@code at}: what use of that instant is charged to. */
        @Override
        public Window at(Instant at, WindowCalendar calendar) {
            long slice = slice().toSeconds();
            long start = Math.floorDiv(at.getEpochSecond(), slice) * slice;
            return new Window(Instant.ofEpochSecond(start), Instant.ofEpochSecond(start + slice));
        }

        public Duration length() {
            return unit.length();
        }

        public Duration slice() {
            return unit.length().dividedBy(SLICES);
        }
    }

    /** A month counted from the organization's billing anchor; an anchor on the 31st falls on the last day of shorter months. */
    record BillingPeriod() implements WindowSpec {
        @Override
        public String key() {
            return "billing-period";
        }

        @Override
        public Window at(Instant at, WindowCalendar calendar) {
            var anchor = calendar.billingAnchor();
            var date = calendar.dateAt(at);
            long months = ChronoUnit.MONTHS.between(anchor.withDayOfMonth(1), date.withDayOfMonth(1));
            if (anchor.plusMonths(months).isAfter(date)) {
                months--;
            }
            return between(anchor.plusMonths(months), anchor.plusMonths(months + 1), calendar.zone());
        }
    }

    /** All of time: never resets. */
    record Lifetime() implements WindowSpec {
        @Override
        public String key() {
            return "lifetime";
        }

        @Override
        public Window at(Instant at, WindowCalendar calendar) {
            return Window.ENDLESS;
        }
    }

    /** The calls running now: only holds count, committed use does not. */
    record InFlight() implements WindowSpec {
        @Override
        public String key() {
            return "in-flight";
        }

        @Override
        public Window at(Instant at, WindowCalendar calendar) {
            return Window.ENDLESS;
        }
    }

    /** A unit that {@link Calendar} windows come in. */
    enum CalendarUnit {
        MINUTE(Duration.ofMinutes(1)),
        HOUR(Duration.ofHours(1)),
        DAY(Duration.ofDays(1)),
        WEEK(Duration.ofDays(7)),
        MONTH(Duration.ofDays(31));

        /** Kept: it is asked for with every answer. */
        private final String key = name().toLowerCase(Locale.ROOT);

        private final Duration length;

        CalendarUnit(Duration length) {
            this.length = length;
        }

        public String key() {
            return key;
        }

        /** How long it is where no clock changes; the longest, of months. */
        public Duration length() {
            return length;
        }

        /** Whether waiting for the reset is a matter of minutes: a rate, not a plan. */
        public boolean shorterThanDay() {
            return this == MINUTE || this == HOUR;
        }
    }

    /** @throws IllegalArgumentException naming the known windows, if {@code key} is none of them */
    static WindowSpec parse(String key) {
        return switch (key) {
            case "minute", "hour", "day", "week", "month" ->
                new Calendar(CalendarUnit.valueOf(key.toUpperCase(Locale.ROOT)));
            case "sliding-minute", "sliding-hour", "sliding-day", "sliding-week" ->
                new Sliding(CalendarUnit.valueOf(
                        key.substring(Sliding.PREFIX.length()).toUpperCase(Locale.ROOT)));
            case "billing-period" -> new BillingPeriod();
            case "lifetime" -> LIFETIME;
            case "in-flight" -> IN_FLIGHT;
            default ->
                throw new IllegalArgumentException("expected one of minute, hour, day, week, month, billing-period, "
                        + "lifetime, in-flight, was '" + key + "'");
        };
    }

    private static Window dates(LocalDate start, ChronoUnit unit, ZoneId zone) {
        return between(start, start.plus(1, unit), zone);
    }

    private static Window between(LocalDate start, LocalDate end, ZoneId zone) {
        return new Window(
                start.atStartOfDay(zone).toInstant(), end.atStartOfDay(zone).toInstant());
    }

    /** The week of ISO 8601. */
    DayOfWeek WEEK_START = DayOfWeek.MONDAY;
}
