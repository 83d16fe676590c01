package dev.quotary.simulation;

import dev.quotary.call.Call;
import dev.quotary.call.ReservationId;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import dev.quotary.usage.Proposal;
import java.time.Instant;

/** Short texts for the trace. */
final class Shown {
    private Shown() {}

    static String of(ReservationId id) {
        return "r" + id.low();
    }

    static String of(Proposal proposal) {
        return of(proposal.id()) + " " + proposal.origin().name().charAt(0) + " " + of(proposal.call()) + " "
                + of(proposal.amounts()) + " for " + proposal.ttl().toSeconds() + "s #" + proposal.fingerprint();
    }

    static String of(Call call) {
        return call.subject() + "/" + call.dimensions().model() + "/"
                + call.dimensions().session();
    }

    static String of(Amounts amounts) {
        return amounts.quantities().toMap()
                + (amounts.cost().picos() == 0 ? "" : " $" + amounts.cost().picos() / Rule.UNITS_PER_DOLLAR);
    }

    static String of(UsageEvent event) {
        return "e" + event.id().low() + " " + of(event.call()) + " at " + time(event.time()) + " "
                + of(event.metered().amounts()) + " #" + event.fingerprint();
    }

    static String time(Instant at) {
        return at.toString().substring(5);
    }
}
