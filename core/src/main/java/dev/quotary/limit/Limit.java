package dev.quotary.limit;

import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import java.util.List;

/**
 * A rule of a plan: what is counted, how much of it is allowed, and what happens beyond.
 *
 * @param warnAt percentages at which the answer carries a warning, ascending
 */
public record Limit(
        LimitKey key,
        Counted counted,
        Maximum maximum,
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
    }

    public MeterKey meter() {
        return counted.meter();
    }

    /** The most that admission lets this counter reach; unlimited for limits that only report. */
    public Maximum enforced() {
        return switch (exceeded.action()) {
            case SHADOW -> Maximum.UNLIMITED;
            case OVERAGE -> maximum.plus(exceeded.overageMax());
            case BLOCK, THROTTLE, QUEUE -> maximum;
        };
    }

    /** The HTTP status of a refusal by this limit. */
    public int refusalStatus() {
        return exceeded.status().orElseGet(() -> rate() ? 429 : 402);
    }

    /** Whether waiting a little helps: minute and hour windows, and calls in flight. */
    public boolean rate() {
        return switch (counted.window()) {
            case WindowSpec.Calendar calendar -> calendar.unit().shorterThanDay();
            case WindowSpec.InFlight _ -> true;
            case WindowSpec.BillingPeriod _, WindowSpec.Lifetime _ -> false;
        };
    }

    public Limit withMaximum(Maximum other) {
        return new Limit(key, counted, other, warnAt, exceeded, onStoreFailure);
    }
}
