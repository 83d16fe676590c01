package dev.quotary.sql.admission;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Hold;

/** Names a reservation: ids are unique within an organization only. */
record HoldKey(OrganizationKey organization, ReservationId id) {

    static HoldKey of(Hold hold) {
        return new HoldKey(hold.call().organization(), hold.id());
    }
}
