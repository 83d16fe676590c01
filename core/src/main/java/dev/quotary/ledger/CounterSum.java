package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import java.time.Instant;

/**
 * The committed use of one counter according to the ledger.
 *
 * @param counted {@link dev.quotary.limit.Counted#text()}
 * @param scopeValue whose counter
 */
public record CounterSum(
        OrganizationKey organization, String counted, String scopeValue, Instant windowStart, long used) {}
