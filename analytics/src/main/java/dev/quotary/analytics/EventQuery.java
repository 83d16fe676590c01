package dev.quotary.analytics;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Corrections.Place;
import java.util.List;
import java.util.Optional;

/**
 * Which events of an organization to show, the newest first.
 *
 * @param conditions all of which they have to meet
 * @param before where to go on: behind this place, towards older events; empty for the newest
 * @param count how many at most, 1 to {@link #COUNT_MAX}
 */
public record EventQuery(
        OrganizationKey organization, Range range, List<Condition> conditions, Optional<Place> before, int count) {
    public static final int COUNT_MAX = 1_000;

    public EventQuery {
        conditions = List.copyOf(conditions);
        if (count < 1 || count > COUNT_MAX) {
            throw new IllegalArgumentException("expected 1.." + COUNT_MAX + " events, was " + count);
        }
        if (conditions.size() > Question.CONDITIONS_MAX) {
            throw new IllegalArgumentException("expected at most " + Question.CONDITIONS_MAX + " conditions");
        }
    }
}
