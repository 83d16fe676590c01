package dev.quotary.usage;

import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Limit;
import dev.quotary.limit.Maximum;
import dev.quotary.limit.Past;
import dev.quotary.meter.Amounts;
import dev.quotary.time.WindowSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one limit stands at one moment. Numbers are in the meter's smallest unit.
 *
 * @param used committed use
 * @param held outstanding holds, the decision's own included
 * @param past what else is known of the counter
 * @param graceOver whether there was a grace, and it is over
 * @param violated whether this limit had no room for what was asked
 */
public record LimitStatus(
        Limit limit, CounterKey counter, long used, long held, Past past, boolean graceOver, boolean violated) {

    /** A limit whose counter has nothing else to be known of it. */
    public LimitStatus(Limit limit, CounterKey counter, long used, long held, boolean violated) {
        this(limit, counter, used, held, Past.NONE, false, violated);
    }

    /** Numbers below it can be multiplied by 100. */
    private static final long EXACT_MAX = Long.MAX_VALUE / 100;

    /** The maximum of this window: with what a burst adds to it now. */
    public long allowed() {
        return limit.moving() ? limit.leeway().maximum(past) : limit.maximum().units();
    }

    /** What used and held together may reach now. */
    public long most() {
        if (!limit.moving()) {
            return limit.enforced().units();
        }
        return graceOver
                ? allowed()
                : new Maximum(allowed()).plus(limit.leeway().beyond()).units();
    }

    /** What may still be reserved within the maximum; 0 when over it, {@link Long#MAX_VALUE} when unlimited. */
    public long remaining() {
        return limit.maximum().unlimited() ? Long.MAX_VALUE : Math.max(0, allowed() - taken());
    }

    /** What may still be reserved at all, beyond the maximum too where calls may pass there. */
    public long room() {
        return most() == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, most() - taken());
    }

    /** Whether calls have passed beyond the maximum, or only just not. */
    boolean beyondMaximum() {
        return !limit.maximum().unlimited() && taken() > allowed();
    }

    /**
     * When the count starts anew; of a sliding window, when room begins to come back. Empty where neither ever happens, and where
     * nothing counts that could leave a sliding window.
     */
    public Optional<Instant> resetsAt() {
        if (limit.counted().window() instanceof WindowSpec.Sliding) {
            return Optional.ofNullable(past.freesAt());
        }
        return counter.window().resets() ? Optional.of(counter.window().end()) : Optional.empty();
    }

    /** When the grace that is running will be over; empty where none has begun, or it is over. */
    public Optional<Instant> graceEndsAt() {
        var since = past.exceededAt();
        return since == null || graceOver || limit.exceeded().grace().isZero()
                ? Optional.empty()
                : Optional.of(since.plus(limit.exceeded().grace()));
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

    /** {@code taken * 100 >= maximum * threshold} in 128 bits: amounts of cost have eighteen digits. */
    private boolean reached(int threshold) {
        long maximum = limit.maximum().units();
        long high = Math.multiplyHigh(taken(), 100L);
        long other = Math.multiplyHigh(maximum, (long) threshold);
        return high == other ? Long.compareUnsigned(taken() * 100, maximum * threshold) >= 0 : high > other;
    }

    /** This limit after a hold of it became use; calls in flight leave no use. */
    LimitStatus settled(long heldAmount, long usedAmount) {
        long more = limit.counted().inFlight() ? 0 : usedAmount;
        return new LimitStatus(limit, counter, used + more, Math.max(0, held - heldAmount), past, graceOver, false);
    }

    /** This limit where its room is another's. */
    LimitStatus withoutRoom() {
        return new LimitStatus(limit, counter, used, held, past, graceOver, true);
    }

    /** Whether calls that this limit has no room for wait. */
    public boolean queues() {
        return limit.exceeded().action() == Exceeded.Action.QUEUE
                && !limit.exceeded().queueFor().isZero();
    }

    /** Whether an amount may get room by an instant: when holds end, or with the next window. */
    boolean roomBy(Instant deadline, Amounts asked) {
        long amount = asked.of(limit.meter());
        if (amount > most()) {
            return false;
        }
        return used <= most() - amount
                || resetsAt().filter(reset -> !reset.isAfter(deadline)).isPresent();
    }

    public LimitState state() {
        if (limit.maximum().unlimited()) {
            return LimitState.OK;
        }
        if (violated || taken() >= allowed()) {
            return beyond();
        }
        return threshold().isPresent() ? LimitState.WARNING : LimitState.OK;
    }

    private LimitState beyond() {
        if (limit.exceeded().action() == Exceeded.Action.SHADOW) {
            return LimitState.SHADOW;
        }
        if (violated || most() == allowed()) {
            return LimitState.EXCEEDED;
        }
        if (!limit.exceeded().grace().isZero()) {
            return LimitState.GRACE;
        }
        return limit.exceeded().action() == Exceeded.Action.THROTTLE ? LimitState.THROTTLED : LimitState.OVERAGE;
    }

    /** Used and held together. */
    public long taken() {
        return used > Long.MAX_VALUE - held ? Long.MAX_VALUE : used + held;
    }
}
