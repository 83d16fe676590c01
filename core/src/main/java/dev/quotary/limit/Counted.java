package dev.quotary.limit;

import dev.quotary.meter.MeterKey;
import dev.quotary.time.Window;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a limit counts, without how much it allows. Limits of different plans that count the same share one counter, so that a change
 * of plan loses nothing of what was used.
 *
 * <p>A class instead of a record because millions of counters share its text and its windows. Equal by the text.
 */
public final class Counted {
    private static final int PARTS = 4;

    private final MeterKey meter;
    private final Filter filter;
    private final Scope scope;
    private final WindowSpec window;
    private final String text;
    /** The window that was asked for last. Replaced as a whole, and checked before it is used. */
    private volatile @Nullable Latest latest;

    private record Latest(Window window, WindowCalendar calendar) {}

    public Counted(MeterKey meter, Filter filter, Scope scope, WindowSpec window) {
        this.meter = meter;
        this.filter = filter;
        this.scope = scope;
        this.window = window;
        this.text = meter + "|" + scope.key() + "|" + window.key() + "|" + filter.text();
    }

    public MeterKey meter() {
        return meter;
    }

    public Filter filter() {
        return filter;
    }

    public Scope scope() {
        return scope;
    }

    public WindowSpec window() {
        return window;
    }

    /**
     * The window that contains an instant. Who asks for the same window is mostly given the same object: counters are many, and windows
     * of their own would be a third of what they take.
     */
    public Window windowAt(Instant at, WindowCalendar calendar) {
        var known = latest;
        if (known != null && known.window().contains(at) && known.calendar().equals(calendar)) {
            return known.window();
        }
        var found = window.at(at, calendar);
        latest = new Latest(found, calendar);
        return found;
    }
    /** A stable text, equal exactly for equal values: how storage names what is counted. */
    public String text() {
        return text;
    }

    /**
     * What a {@link #text()} says.
     *
     * @throws IllegalArgumentException if it is not the text of anything that this version counts
     */
    public static Counted parse(String text) {
        var parts = text.split("\\|", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("expected meter|scope|window|filter, was '" + text + "'");
        }
        return new Counted(
                new MeterKey(parts[0]), Filter.parse(parts[3]), Scope.parse(parts[1]), WindowSpec.parse(parts[2]));
    }

    /** Whether only calls that run now count, so that nothing of it is ever stored. */
    public boolean inFlight() {
        return window.equals(WindowSpec.IN_FLIGHT);
    }

    /**
     * Until when use of a window can matter to a decision.
     *
     * <p>Minutes and hours count for one more of their kind, because a limit with burst asks how much of the last one was used. A slice
     * counts for twice the sliding window: a reservation as old as the window may still be extended, which asks for room in the window
     * before it.
     *
     * @param counting a window of this kind
     */
    public Instant countsUntil(Window counting) {
        return switch (window) {
            case WindowSpec.Calendar calendar ->
                calendar.unit().shorterThanDay()
                        ? counting.end().plus(calendar.unit().length())
                        : counting.end();
            case WindowSpec.Sliding sliding ->
                counting.end().plus(sliding.length()).plus(sliding.length());
            case WindowSpec.BillingPeriod _, WindowSpec.Lifetime _, WindowSpec.InFlight _ -> counting.end();
        };
    }

    /** The windows whose use can matter to a decision at {@code now}, oldest first; the last is the current one. */
    public List<Window> counting(Instant now, WindowCalendar calendar) {
        var current = window.at(now, calendar);
        return switch (window) {
            case WindowSpec.Calendar unit
            when unit.unit().shorterThanDay() ->
                List.of(window.at(current.start().minusNanos(1), calendar), current);
            case WindowSpec.Sliding sliding ->
                LongStream.rangeClosed(-2L * WindowSpec.Sliding.SLICES, 0)
                        .mapToObj(back -> current.start().plus(sliding.slice().multipliedBy(back)))
                        .map(start -> window.at(start, calendar))
                        .toList();
            case WindowSpec.Calendar _, WindowSpec.BillingPeriod _, WindowSpec.Lifetime _, WindowSpec.InFlight _ ->
                List.of(current);
        };
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Counted counted && text.equals(counted.text));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
