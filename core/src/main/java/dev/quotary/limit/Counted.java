package dev.quotary.limit;

import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;

/**
 * What a limit counts, without how much it allows. Limits of different plans that count the same share one counter, so that a change
 * of plan loses nothing of what was used.
 */
public record Counted(MeterKey meter, Filter filter, Scope scope, WindowSpec window) {

    /** A stable text, equal exactly for equal values: how storage names what is counted. */
    public String text() {
        return meter + "|" + scope.key() + "|" + window.key() + "|" + filter.text();
    }

    /** Whether only calls that run now count, so that nothing of it is ever stored. */
    public boolean inFlight() {
        return window.equals(WindowSpec.IN_FLIGHT);
    }
}
