package dev.quotary.limit;

/**
 * What a usage event does to one counter's committed use.
 *
 * @param amount in the meter's smallest unit, 0 or more
 * @param level true to set the counter (a level was reported), false to add to it
 */
public record Posting(CounterKey counter, long amount, boolean level) {
    public Posting {
        if (amount < 0) {
            throw new IllegalArgumentException("expected an amount of 0 or more, was " + amount);
        }
    }

    public static Posting add(CounterKey counter, long amount) {
        return new Posting(counter, amount, false);
    }

    public static Posting set(CounterKey counter, long amount) {
        return new Posting(counter, amount, true);
    }
}
