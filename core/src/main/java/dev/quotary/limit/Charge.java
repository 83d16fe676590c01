package dev.quotary.limit;

/**
 * An amount to be held on one counter.
 *
 * @param amount in the meter's smallest unit, 0 or more
 * @param maximum what used and held together may reach with it; {@link Long#MAX_VALUE} to count without a bound
 */
public record Charge(CounterKey counter, long amount, long maximum) {
    public Charge {
        if (amount < 0 || maximum < 0) {
            throw new IllegalArgumentException(
                    "expected an amount and a maximum of 0 or more, was " + amount + ", " + maximum);
        }
    }

    /**
     * Whether the amount has room beside what is used and held already. An amount of 0 always has; without a bound, everything that
     * can still be counted.
     */
    public boolean fits(long used, long held) {
        if (amount == 0) {
            return true;
        }
        return maximum == Long.MAX_VALUE
                ? held <= Long.MAX_VALUE - amount
                : used <= maximum - amount && held <= maximum - amount - used;
    }
}
