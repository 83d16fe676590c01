package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import java.util.List;
import java.util.Map;

/**
 * Port: follows a ledger that several servers write to, by the numbers of its events. Numbers of an organization grow in the order in which
 * its events became durable, without gaps that are filled later. Safe for many threads. Every method may block, and throws {@link
 * dev.quotary.limit.StoreUnavailableException} where the store does not answer.
 */
public interface Tail {
    /** An event and its number. */
    record Numbered(long number, UsageEvent event) {}

    /** The number of the newest event of an organization; 0 if it has none. */
    long newest(OrganizationKey organization);

    /** The numbers of the newest events of all organizations that have any. */
    Map<OrganizationKey, Long> newest();

    /** The next events of an organization after a number, in their order. */
    List<Numbered> after(OrganizationKey organization, long number, int count);
}
