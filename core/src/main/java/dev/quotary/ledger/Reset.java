package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import dev.quotary.meter.MeterKey;
import java.time.Instant;

/**
 * A counter that was set back to 0 by hand: an entry of the ledger that corrects the sum of the events, which stay as they are.
 *
 * <p>It says how much it takes off instead of from where to count anew, so that it means the same in whatever order events are summed
 * up: committed use is the sum of a window's events less what was taken off.
 *
 * @param counted {@link dev.quotary.limit.Counted#text()}
 * @param scopeValue whose counter
 * @param amount what was used by then, and is taken off; 0 where only a grace was ended
 * @param at when it was set back
 * @param by who did it: the id of an API key
 */
public record Reset(
        OrganizationKey organization,
        String counted,
        String scopeValue,
        Instant windowStart,
        long amount,
        Instant at,
        String by) {

    /** The meter of what was counted: the first word of its text. */
    public MeterKey meter() {
        return new MeterKey(counted.substring(0, counted.indexOf('|')));
    }
}
