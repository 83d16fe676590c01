package dev.quotary.ledger;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Port: lets what one subject has used count as another's. Events stay as they were recorded; what moves is appended as entries that raise the
 * counters of the other, as a {@link Reset} lowers them. Safe for concurrent use; no method blocks its caller. A stage fails with {@link
 * dev.quotary.limit.StoreUnavailableException} if it is unknown whether the step took effect; repeating it is safe.
 */
public interface Moves {
    /**
     * Moves what {@code from} has used by now and was not moved yet, on all of the counters or on none, and tells the {@link Follower} of
     * those that changed, in the ledger's order. Of several callers that name different subjects as {@code into}, one wins; repeating for
     * that one moves what was recorded since, and nothing twice.
     *
     * @return what stands: of another {@code into} than was asked for if that one was first, and then nothing was done
     */
    CompletionStage<Moved> move(Move move);

    /** What became of a subject; empty if it was not moved. */
    CompletionStage<Optional<Moved>> moved(OrganizationKey organization, SubjectKey from);

    /** Everything moved since an instant, at most {@link #SINCE_MAX}, the newest first; for the start. */
    CompletionStage<List<Moved>> movedSince(Instant from);

    int SINCE_MAX = 100_000;
}
