package dev.quotary.analytics;

/** An exact value of a measure. */
public sealed interface Value {
    /** There is nothing to say: a mean or a percentile of no events. */
    Value NOTHING = new Nothing();

    /** Units of the measure, 0 or more: picodollars, tokens, milliseconds, or a count. */
    record Whole(long units) implements Value {}

    /**
     * A mean or a share, exactly: {@code sum} divided by {@code count}.
     *
     * @param count 1 or more
     */
    record Quotient(long sum, long count) implements Value {
        public Quotient {
            if (count < 1) {
                throw new IllegalArgumentException("expected a quotient of 1 or more, was " + count);
            }
        }
    }

    /** {@link #NOTHING}. */
    record Nothing() implements Value {}

    /** A whole number. */
    static Value of(long units) {
        return new Whole(units);
    }

    /** A quotient; nothing where the count is 0. */
    static Value of(long sum, long count) {
        return count == 0 ? NOTHING : new Quotient(sum, count);
    }
}
