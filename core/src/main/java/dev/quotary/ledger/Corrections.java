package dev.quotary.ledger;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Port: corrects the costs of events after the fact, by entries of their own, and shows events in the order of their times. */
public interface Corrections {
    /**
     * Appends corrections, and moves everything that is derived from the events with them: hourly rollups, sums of windows, and counters
     * that are told to the {@link Follower}.
     *
     * <p>All of it or nothing. A correction of an event that does not exist, or does not cost {@link Correction#before} any more, is
     * passed over: so repeating is harmless, and of two who correct the same event at once one does nothing.
     *
     * @param corrections of one organization, 1 to {@link #BATCH_MAX}, at most one of each event
     * @return whether each was made, in their order
     */
    CompletionStage<List<Boolean>> correct(List<Correction> corrections);

    /** The corrections of an event, in the order in which they were made; their counters are not told. */
    CompletionStage<List<Correction>> corrections(OrganizationKey organization, EventId event);

    /** Events of one organization and stretch of time, the next ones after a place. */
    CompletionStage<List<Recorded>> events(Query query);

    /**
     * Which events.
     *
     * @param provider empty for all
     * @param model a name, or the beginning of one and a {@code *}; empty for all
     * @param after where to go on
     * @param count how many at most, 1 to {@link #BATCH_MAX}
     */
    record Query(
            OrganizationKey organization,
            Instant from,
            Instant until,
            Optional<String> provider,
            Optional<String> model,
            Place after,
            int count) {
        public Query {
            if (count < 1 || count > BATCH_MAX) {
                throw new IllegalArgumentException("expected 1.." + BATCH_MAX + " events, was " + count);
            }
        }

        /** The same, from behind a place on. */
        Query behind(Place place) {
            return new Query(organization, from, until, provider, model, place, count);
        }
    }

    /**
     * A place in the order of time, and of the ledger within an instant.
     *
     * @param number of the event in the ledger
     */
    record Place(Instant time, long number) {
        /** Before every event. */
        public static final Place START = new Place(Instant.EPOCH.minusSeconds(1L << 40), 0);
    }

    /**
     * An event, and what it costs now.
     *
     * @param metered as the last correction says; as recorded where there is none
     */
    record Recorded(Place place, UsageEvent event, Metered metered) {
        /** The event with what it costs now. */
        public UsageEvent now() {
            return new UsageEvent(
                    event.id(),
                    event.time(),
                    event.call(),
                    metered,
                    event.result(),
                    event.estimate(),
                    event.metadata(),
                    event.fingerprint());
        }
    }

    /** Most corrections of a batch, and events of a page: some hundredths of a second, as others wait meanwhile. */
    int BATCH_MAX = 500;
}
