package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.limit.CounterKey;
import java.time.Instant;
import java.util.List;

/**
 * The wish that what one subject has used counts as another's.
 *
 * @param counters of {@code into}, in the windows that matter to it
 * @param by who does it: the id of an API key
 */
public record Move(
        OrganizationKey organization,
        SubjectKey from,
        SubjectKey into,
        List<CounterKey> counters,
        Instant at,
        String by) {
    public Move {
        counters = List.copyOf(counters);
        if (from.equals(into)) {
            throw new IllegalArgumentException("expected another subject than '" + from + "' itself");
        }
    }
}
