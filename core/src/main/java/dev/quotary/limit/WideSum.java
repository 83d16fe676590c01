package dev.quotary.limit;

/** A sum of some hundred numbers of 0 or more that is exact where a long would overflow, so that it can be taken from again. */
final class WideSum {
    private static final int HALF = 32;
    private static final long LOW = 0xffff_ffffL;

    private long high;
    private long low;

    void add(long number) {
        high += number >>> HALF;
        low += number & LOW;
    }

    void subtract(long number) {
        high -= number >>> HALF;
        low -= number & LOW;
    }

    /** The sum, or the largest number where it is more. */
    long saturated() {
        long carried = high + (low >> HALF);
        return carried > Integer.MAX_VALUE ? Long.MAX_VALUE : (carried << HALF) + (low & LOW);
    }

    static long saturated(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}
