package dev.quotary.sql;

/**
 * Sums that stop at the largest number. A counter that high is over every maximum anyway, and a transaction that failed at it would
 * fail for ever, together with everybody else's events in it.
 */
final class Saturating {
    private Saturating() {}

    /** Of two numbers of 0 or more. */
    static long add(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** The same in an upsert: the stored column plus the new one. */
    static String sql(String table, String column) {
        var stored = table + "." + column;
        var added = "excluded." + column;
        var max = Long.toString(Long.MAX_VALUE);
        return column + " = CASE WHEN " + stored + " > " + max + " - " + added + " THEN " + max + " ELSE " + stored
                + " + " + added + " END";
    }
}
