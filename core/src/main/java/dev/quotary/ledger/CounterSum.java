package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The committed use of one counter according to the ledger.
 *
 * @param counted {@link dev.quotary.limit.Counted#text()}
 * @param scopeValue whose counter
 * @param exceededAt when its grace began; null where it did not
 */
public record CounterSum(
        OrganizationKey organization,
        String counted,
        String scopeValue,
        Instant windowStart,
        long used,
        @Nullable Instant exceededAt) {

    /** A sum whose counter is in no grace. */
    public CounterSum(OrganizationKey organization, String counted, String scopeValue, Instant windowStart, long used) {
        this(organization, counted, scopeValue, windowStart, used, null);
    }
}
