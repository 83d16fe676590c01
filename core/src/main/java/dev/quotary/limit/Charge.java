package dev.quotary.limit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An amount to be held on one counter, and what may be reached with it. Whether it fits is decided here, for every adapter alike.
 *
 * @param amount in the meter's smallest unit, 0 or more
 * @param maximum what used and held together may reach with it in any case; {@link Long#MAX_VALUE} to count without a bound
 * @param leeways further bounds, which move with time and with what was used before; every one of them must have room
 */
public record Charge(CounterKey counter, long amount, long maximum, List<Leeway> leeways) {
    public Charge {
        leeways = List.copyOf(leeways);
        if (amount < 0 || maximum < 0) {
            throw new IllegalArgumentException(
                    "expected an amount and a maximum of 0 or more, was " + amount + ", " + maximum);
        }
    }

    public Charge(CounterKey counter, long amount, long maximum) {
        this(counter, amount, maximum, List.of());
    }

    /** What a limit charges. */
    public static Charge of(CounterKey counter, long amount, Limit limit) {
        return limit.moving()
                ? new Charge(counter, amount, Long.MAX_VALUE, List.of(limit.leeway()))
                : new Charge(counter, amount, limit.enforced().units());
    }

    /** This charge under the bounds of another one on the same counter too. */
    public Charge within(Charge other) {
        var both = new ArrayList<>(leeways);
        both.addAll(other.leeways);
        return new Charge(
                counter.previous() == null ? other.counter : counter, amount, Math.min(maximum, other.maximum), both);
    }

    /**
     * Whether the amount has room beside what is used and held already. An amount of 0 always has; without a bound, everything that
     * can still be counted.
     */
    public boolean fits(long used, long held) {
        return fits(used, held, Past.NONE, Instant.MIN);
    }

    /**
     * As {@link #fits(long, long)}, with what else is known of the counter.
     *
     * @param now the moment of the decision
     */
    public boolean fits(long used, long held, Past past, Instant now) {
        if (amount == 0) {
            return true;
        }
        if (!within(maximum, used, held)) {
            return false;
        }
        for (int i = 0; i < leeways.size(); i++) {
            if (!within(leeways.get(i).most(past, now), used, held)) {
                return false;
            }
        }
        return true;
    }

    private boolean within(long most, long used, long held) {
        return most == Long.MAX_VALUE
                ? held <= Long.MAX_VALUE - amount
                : used <= most - amount && held <= most - amount - used;
    }

    /**
     * Whether taking it begins the grace of its counter: the first call beyond a maximum that has one. The adapter keeps that instant
     * with the counter, as part of the same step.
     */
    public boolean beginsGrace(long used, long held, Past past) {
        if (amount == 0 || past.exceededAt() != null) {
            return false;
        }
        for (int i = 0; i < leeways.size(); i++) {
            var leeway = leeways.get(i);
            if (leeway.graced() && !within(leeway.maximum(past), used, held)) {
                return true;
            }
        }
        return false;
    }
}
