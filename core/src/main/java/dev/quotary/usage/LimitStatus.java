package dev.quotary.usage;

import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Limit;
import dev.quotary.meter.Amounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * How one limit stands at one moment. Numbers are in the meter's smallest unit.
 *
 * @param used committed use
 * @param held outstanding holds, the decision's own included
 * @param violated whether this limit had no room for what was asked
 */
public record LimitStatus(Limit limit, CounterKey counter, long used, long held, boolean violated) {

    /** Numbers below it can be multiplied by 100. */
    private static final long EXACT_MAX = Long.MAX_VALUE / 100;

    /** What may still be reserved; 0 when over the maximum, {@link Long#MAX_VALUE} when unlimited. */
    public long remaining() {
        return limit.maximum().unlimited()
                ? Long.MAX_VALUE
                : Math.max(0, limit.maximum().units() - taken());
    }

    /** Used and held together, as a percentage of the maximum with one decimal, rounded down; 0 when unlimited. */
    public BigDecimal percent() {
        if (limit.maximum().unlimited()) {
            return BigDecimal.ZERO;
        }
        long maximum = limit.maximum().units();
        if (maximum == 0) {
            return taken() == 0 && !violated ? BigDecimal.ZERO : BigDecimal.valueOf(100);
        }
        if (taken() < EXACT_MAX / 10) {
            return BigDecimal.valueOf(taken() * 1000 / maximum, 1);
        }
        return BigDecimal.valueOf(taken())
                .multiply(BigDecimal.valueOf(100))
                .divide(BigDecimal.valueOf(maximum), 1, RoundingMode.DOWN);
    }

    /** The highest threshold that used and held have reached. */
    public OptionalInt threshold() {
        int reached = 0;
        if (!limit.maximum().unlimited()) {
            for (int threshold : limit.warnAt()) {
                reached = reached(threshold) ? threshold : reached;
            }
        }
        return reached == 0 ? OptionalInt.empty() : OptionalInt.of(reached);
    }

    private boolean reached(int threshold) {
        long maximum = limit.maximum().units();
        if (maximum < EXACT_MAX && taken() < EXACT_MAX) {
            return taken() * 100 >= maximum * threshold;
        }
        return percent().compareTo(BigDecimal.valueOf(threshold)) >= 0;
    }

    /** This limit after a hold of it became use; calls in flight leave no use. */
    LimitStatus settled(long heldAmount, long usedAmount) {
        long more = limit.counted().inFlight() ? 0 : usedAmount;
        return new LimitStatus(limit, counter, used + more, Math.max(0, held - heldAmount), false);
    }

    /** This limit where its room is another's. */
    LimitStatus withoutRoom() {
        return new LimitStatus(limit, counter, used, held, true);
    }

    /** Whether calls that this limit has no room for wait. */
    boolean queues() {
        return limit.exceeded().action() == Exceeded.Action.QUEUE
                && !limit.exceeded().queueFor().isZero();
    }

    /** Whether an amount may get room by an instant: when holds end, or with the next window. */
    boolean roomBy(Instant deadline, Amounts asked) {
        long maximum = limit.enforced().units();
        long amount = asked.of(limit.meter());
        if (amount > maximum) {
            return false;
        }
        var window = counter.window();
        return used <= maximum - amount || (window.resets() && !window.end().isAfter(deadline));
    }

    public LimitState state() {
        if (limit.maximum().unlimited()) {
            return LimitState.OK;
        }
        if (violated || taken() >= limit.maximum().units()) {
            return beyond();
        }
        return threshold().isPresent() ? LimitState.WARNING : LimitState.OK;
    }

    private LimitState beyond() {
        if (limit.exceeded().action() == Exceeded.Action.SHADOW) {
            return LimitState.SHADOW;
        }
        boolean overage = limit.exceeded().action() == Exceeded.Action.OVERAGE && !violated;
        return overage ? LimitState.OVERAGE : LimitState.EXCEEDED;
    }

    /** Used and held together. */
    public long taken() {
        return used > Long.MAX_VALUE - held ? Long.MAX_VALUE : used + held;
    }
}
