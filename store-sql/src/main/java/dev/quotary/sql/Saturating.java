package dev.quotary.sql;

/**
 * Sums that stop at the largest number. A counter that high is over every maximum anyway, and a transaction that failed at it would
 * fail for ever, together with everybody else's events in it.
 */
public final class Saturating {
    /** Sums of whole numbers of 0 or more can overflow in SQL, which fails; sums of their upper and lower digits cannot. */
    public static final long HALF = 1_000_000_000;

    private Saturating() {}

    /** Of two numbers of 0 or more. */
    public static long add(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** A number of 0 or more, moved by a difference. */
    static long move(long number, long difference) {
        return difference > 0 ? add(number, difference) : number + difference;
    }

    /** The same in an upsert: the stored column plus the new one. */
    public static String sql(String table, String column) {
        var stored = table + "." + column;
        var added = "excluded." + column;
        var max = Long.toString(Long.MAX_VALUE);
        return column + " = CASE WHEN " + stored + " > " + max + " - " + added + " THEN " + max + " ELSE " + stored
                + " + " + added + " END";
    }

    /** Two columns that {@link #sum(long, long)} puts together: the sum of an expression over rows. */
    public static String sumSql(String expression) {
        return "sum(" + expression + " / " + HALF + "), sum(" + expression + " % " + HALF + ")";
    }

    /** The sum of which a query gave the upper and the lower half. */
    public static long sum(long upper, long lower) {
        return upper > (Long.MAX_VALUE - lower) / HALF ? Long.MAX_VALUE : upper * HALF + lower;
    }
}
