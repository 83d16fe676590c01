package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.UsageEvent;

/** What an event is unique by. */
record EventKey(OrganizationKey organization, EventId id) {
    static EventKey of(UsageEvent event) {
        return new EventKey(event.call().organization(), event.id());
    }
}
