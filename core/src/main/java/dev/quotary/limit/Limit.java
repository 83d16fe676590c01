package dev.quotary.limit;

import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.util.List;

/**
 * A rule of a plan: what is counted, how much of it is allowed, and what happens beyond.
 *
 * @param burst how much of what the window before left unused may be used on top; 0 for none
 * @param warnAt percentages at which the answer carries a warning, ascending
 */
public record Limit(
        LimitKey key,
        Counted counted,
        Maximum maximum,
        long burst,
        List<Integer> warnAt,
        Exceeded exceeded,
        OnStoreFailure onStoreFailure) {
    /** Thresholds of a limit that names none. */
    public static final List<Integer> WARN_AT = List.of(75, 90);

    public Limit {
        warnAt = warnAt.stream().sorted().toList();
        if (warnAt.stream().anyMatch(percent -> percent < 1 || percent > 100)) {
            throw new IllegalArgumentException("expected warn_at percentages of 1..100, was " + warnAt);
        }
        if (burst < 0 || (burst > 0 && !burstable(counted.window()))) {
            throw new IllegalArgumentException("expected a burst of 0 or more, on a window of a minute or an hour");
        }
        if (!exceeded.grace().isZero() && !gracious(counted.window())) {
            throw new IllegalArgumentException("expected no grace on a sliding window or on calls in flight, "
                    + "which have no beginning that it could be counted from");
        }
    }

    /** A limit without burst. */
    public Limit(
            LimitKey key,
            Counted counted,
            Maximum maximum,
            List<Integer> warnAt,
            Exceeded exceeded,
            OnStoreFailure onStoreFailure) {
        this(key, counted, maximum, 0, warnAt, exceeded, onStoreFailure);
    }

    private static boolean burstable(WindowSpec window) {
        return window instanceof WindowSpec.Calendar calendar && calendar.unit().shorterThanDay();
    }

    private static boolean gracious(WindowSpec window) {
        return switch (window) {
            case WindowSpec.Calendar _, WindowSpec.BillingPeriod _, WindowSpec.Lifetime _ -> true;
            case WindowSpec.Sliding _, WindowSpec.InFlight _ -> false;
        };
    }

    public MeterKey meter() {
        return counted.meter();
    }

    /**
     * The most that admission ever lets this counter reach, burst left aside; unlimited for limits that only report, and where a grace
     * has no bound of its own.
     */
    public Maximum enforced() {
        return maximum.plus(exceeded.beyond(maximum));
    }

    /** Whether it ever refuses a call. */
    public boolean refuses() {
        return !maximum.unlimited() && exceeded.action() != Exceeded.Action.SHADOW;
    }

    /** Whether what it allows depends on more than its maximum: on time, or on the window before. */
    public boolean moving() {
        return (burst > 0 || !exceeded.grace().isZero()) && !maximum.unlimited();
    }

    /** What it allows, and when. */
    public Leeway leeway() {
        return new Leeway(
                maximum.units(),
                Math.min(burst, maximum.units()),
                exceeded.beyond(maximum),
                exceeded.action() == Exceeded.Action.SHADOW ? Duration.ZERO : exceeded.grace());
    }

    /** The HTTP status of a refusal by this limit. */
    public int refusalStatus() {
        return exceeded.status().orElseGet(() -> rate() ? 429 : 402);
    }

    /** Whether waiting a little helps: minute and hour windows, and calls in flight. */
    public boolean rate() {
        return switch (counted.window()) {
            case WindowSpec.Calendar calendar -> calendar.unit().shorterThanDay();
            case WindowSpec.Sliding sliding -> sliding.unit().shorterThanDay();
            case WindowSpec.InFlight _ -> true;
            case WindowSpec.BillingPeriod _, WindowSpec.Lifetime _ -> false;
        };
    }

    public Limit withMaximum(Maximum other) {
        return new Limit(key, counted, other, burst, warnAt, exceeded, onStoreFailure);
    }
}
