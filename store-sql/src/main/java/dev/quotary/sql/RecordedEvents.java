package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Recorded;
import java.sql.SQLException;

/** Events with what they cost now, one by one. */
public final class RecordedEvents {
    private RecordedEvents() {}

    /**
     * An event that a query has just found.
     *
     * @throws IllegalStateException if it is not there
     */
    public static Recorded at(Place place, Session session, OrganizationKey organization, EventId id)
            throws SQLException {
        var event = Events.find(session, organization, id)
                .orElseThrow(() -> new IllegalStateException("event " + id + " is gone within one snapshot"));
        var corrections = CostCorrections.of(session, event);
        var metered =
                corrections.isEmpty() ? event.metered() : corrections.getLast().after();
        return new Recorded(place, event, metered);
    }
}
