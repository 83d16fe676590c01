package dev.quotary.simulation;

import dev.quotary.call.ReservationId;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.usage.Commitment;
import dev.quotary.usage.Proposal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a client sends, once or more often. */
sealed interface Message {
    record Check(Proposal proposal) implements Message {
        @Override
        public String toString() {
            return "check " + Shown.of(proposal);
        }
    }

    record Reserve(Proposal proposal) implements Message {
        @Override
        public String toString() {
            return "reserve " + Shown.of(proposal);
        }
    }

    record Extend(ReservationId id, Amounts more, Duration ttl) implements Message {
        @Override
        public String toString() {
            return "extend " + Shown.of(id) + " by " + Shown.of(more) + " for " + ttl.toSeconds() + "s";
        }
    }

    record Release(ReservationId id) implements Message {
        @Override
        public String toString() {
            return "release " + Shown.of(id);
        }
    }

    /** @param gateway the hold that a gateway call has kept; empty for a client of the API, who has the id alone */
    record Commit(ReservationId id, Optional<Hold> gateway, Commitment commitment) implements Message {
        @Override
        public String toString() {
            return "commit " + Shown.of(id) + " "
                    + Shown.of(commitment.metered().amounts()) + " #" + commitment.fingerprint();
        }
    }

    record Report(List<UsageEvent> events) implements Message {
        @Override
        public String toString() {
            return "record " + events.stream().map(Shown::of).toList();
        }
    }
}
