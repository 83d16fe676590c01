package dev.quotary.limit;

import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;

/**
 * What a limit counts, without how much it allows. Limits of different plans that count the same share one counter, so that a change
 * of plan loses nothing of what was used.
 */
public record Counted(MeterKey meter, Filter filter, Scope scope, WindowSpec window) {
    private static final int PARTS = 4;

    /** A stable text, equal exactly for equal values: how storage names what is counted. */
    public String text() {
        return meter + "|" + scope.key() + "|" + window.key() + "|" + filter.text();
    }

    /**
     * What a {@link #text()} says.
     *
     * @throws IllegalArgumentException if it is not the text of anything that this version counts
     */
    public static Counted parse(String text) {
        var parts = text.split("\\|", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("expected meter|scope|window|filter, was '" + text + "'");
        }
        return new Counted(
                new MeterKey(parts[0]), Filter.parse(parts[3]), Scope.parse(parts[1]), WindowSpec.parse(parts[2]));
    }

    /** Whether only calls that run now count, so that nothing of it is ever stored. */
    public boolean inFlight() {
        return window.equals(WindowSpec.IN_FLIGHT);
    }
}
