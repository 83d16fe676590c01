package dev.quotary.analytics;

import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Recorded;
import java.util.List;
import java.util.Optional;

/**
 * Events, the newest first.
 *
 * @param next where the next page goes on; empty where there is nothing older. A page may have fewer events than asked for, or none, and
 *     a next one: then as many were looked at as may be for one page
 */
public record EventPage(List<Recorded> events, Optional<Place> next) {
    public EventPage {
        events = List.copyOf(events);
    }
}
