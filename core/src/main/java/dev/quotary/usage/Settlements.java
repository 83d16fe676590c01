package dev.quotary.usage;

import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Commit and record: everything after a call was made.
 *
 * <p>The event goes to the ledger first; counters move when the ledger says that it is durable ({@link #follower}), in the ledger's
 * order and once per event; then the caller is answered. A crash between any two of these steps is harmless: without the event
 * nothing was acknowledged and a repeat with the same id finishes what was begun, and with the event the counters are read from the
 * ledger at the next start. Safe for many threads; blocks none.
 */
public final class Settlements {
    private final Catalog catalog;
    private final Ledger ledger;
    private final InstantSource clock;

    public Settlements(Catalog catalog, Ledger ledger, InstantSource clock) {
        this.catalog = catalog;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** What moves the counters of a limiter after the ledger; give it to the ledger that feeds this engine. */
    public static Follower follower(Limiter limiter, InstantSource clock) {
        return new Follower() {
            @Override
            public void recorded(Entry entry) {
                var event = entry.event();
                limiter.settle(
                        event.call().organization(), event.id().reservation(), entry.postings(), clock.instant());
            }

            @Override
            public void recounted(CounterKey counter, long used) {
                limiter.correct(counter, used);
            }
        };
    }

    /**
     * Settles a hold with what was really used, which may be more than was held.
     *
     * <p>The use is charged to the windows in which the call was admitted, also after they ended. After the hold has expired it is
     * still recorded, and marked late.
     */
    public CompletionStage<Settled> commit(Hold hold, Commitment commitment) {
        boolean late = hold.expired(clock.instant());
        var call = new Call(
                hold.call().organization(), hold.call().subject(), hold.call().key(), commitment.dimensions());
        var event = new UsageEvent(
                hold.id().event(),
                hold.admittedAt(),
                call,
                commitment.metered(),
                commitment.result().lateIf(late),
                commitment.metadata(),
                commitment.fingerprint());
        // By the event's own dimensions, so that counting anew from the events gives the same.
        var entry = new Entry(event, postings(event.call(), event, false));
        return ledger.append(List.of(entry)).thenApply(appended -> settled(appended.getFirst(), Optional.of(hold)));
    }

    /** What became of a reservation that is not held any more: the answer to a repeated commit. */
    public CompletionStage<Settled> repeated(OrganizationKey organization, ReservationId id, long fingerprint) {
        return ledger.find(organization, id.event()).thenApply(found -> {
            if (found.isEmpty()) {
                return new Settled.Unknown();
            }
            return found.get().fingerprint() == fingerprint
                    ? new Settled.Done(found.get(), Optional.empty(), true)
                    : new Settled.Mismatch();
        });
    }

    private static Settled settled(Appended appended, Optional<Hold> hold) {
        var estimate = hold.map(Hold::amounts);
        return switch (appended) {
            case Appended.Recorded recorded -> new Settled.Done(recorded.event(), estimate, false);
            case Appended.Duplicate duplicate -> new Settled.Done(duplicate.event(), estimate, true);
            case Appended.Mismatch _ -> new Settled.Mismatch();
        };
    }

    /**
     * Records use after the fact, all of it or nothing; never refused for a limit.
     *
     * @param events of one organization, 1 to {@link Ledger#BATCH_MAX}
     */
    public CompletionStage<List<Appended>> record(List<UsageEvent> events) {
        return ledger.append(events.stream()
                .map(event -> new Entry(event, postings(event.call(), event, true)))
                .toList());
    }

    /** A recorded event of an organization. */
    public CompletionStage<Optional<UsageEvent>> find(OrganizationKey organization, EventId id) {
        return ledger.find(organization, id);
    }

    private List<Posting> postings(Call call, UsageEvent event, boolean reported) {
        return catalog.account(call.organization(), call.subject(), clock.instant())
                .map(account -> Charging.of(
                                account.bindings(call, event.time()),
                                event.metered().amounts())
                        .postings(catalog.declarations(), reported))
                .orElse(List.of());
    }
}
