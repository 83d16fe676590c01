package dev.quotary.ledger;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.CounterKey;
import dev.quotary.money.Money;
import java.time.Instant;
import java.util.Set;

/**
 * One correction of the cost of a recorded event, which itself stays as it was recorded. The last correction of an event says what it
 * costs.
 *
 * @param at when it was made
 * @param by who made it: the id of an API key
 * @param reason why, in the words of whoever made it; may be empty
 * @param before what the event cost until then
 * @param after what was used, as it was recorded, with the new cost and how it comes about
 * @param counters the counters of cost that the event is in, each of which moves by the difference
 */
public record Correction(
        OrganizationKey organization,
        EventId event,
        Instant at,
        String by,
        String reason,
        Money before,
        Metered after,
        Set<Counter> counters) {
    /**
     * A counter of cost that the event is in.
     *
     * @param complete whether every use of its scope value is posted to it, so that it is 0 where it has no stored sum
     */
    public record Counter(CounterKey key, boolean complete) {}

    /** Longest reason. */
    public static final int REASON_LENGTH_MAX = 500;

    public Correction {
        counters = Set.copyOf(counters);
        if (reason.length() > REASON_LENGTH_MAX) {
            throw new IllegalArgumentException("expected a reason of at most " + REASON_LENGTH_MAX + " characters");
        }
    }
}
