package dev.quotary.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Port: shows the stored sums at their place among what is recorded, a few at a time, for laying beside them what follows the ledger. */
public interface SumPages {
    /**
     * Hands over the next sums of windows that have not ended.
     *
     * <p>When {@code page} is called, the {@link Follower} has been told everything that is in these sums, and nothing else: events on
     * their way are in neither or in both.
     *
     * @param from where to begin; {@link Place#START}, or the place that was answered last
     * @param page called once with at most {@link #PAGE_MAX} sums, on a thread of the ledger that others wait for
     * @return where the next page begins; empty after the last
     */
    CompletionStage<Optional<Place>> page(Place from, Instant now, Consumer<List<CounterSum>> page);

    /** Most sums of a page: well under a millisecond's reading and comparing. */
    int PAGE_MAX = 100;

    /** A place in the order of the windows' ends: behind the sum that these values name. */
    record Place(Instant windowEnd, String organization, String counted, Instant windowStart, String scopeValue) {
        /** Before every sum. */
        public static final Place START = new Place(Instant.EPOCH, "", "", Instant.EPOCH, "");
    }
}
