package dev.quotary.sync;

import dev.quotary.call.OrganizationKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where batches are kept. Every method blocks, and throws {@link dev.quotary.limit.StoreUnavailableException} if the store does not answer; then
 * it is not known whether a change took effect, and repeating it does no harm. Safe for many threads and, over one database, many processes.
 */
public interface Syncs {
    /** Batches of an organization that are pending or parked, at most: so much may wait to be looked after. */
    int OPEN_MAX = 1_000;

    /**
     * Keeps a batch; it is durable when this returns.
     *
     * @param content what is in it, as JSON
     * @return what is there: this one, or the one of that id that was there; empty if the organization has {@link #OPEN_MAX} open ones
     */
    Optional<Sync> accept(Sync accepted, String content);

    Optional<Sync> find(OrganizationKey organization, String id);

    /** What is in a batch; empty once it is done. */
    Optional<String> content(Sync sync);

    /**
     * Those of an organization, in the order of their ids.
     *
     * @param after the id where the page before ended; empty for the first
     */
    List<Sync> list(OrganizationKey organization, Optional<SyncState.Kind> kind, String after, int max);

    /** Pending ones that are to be tried now, the longest due first. */
    List<Sync> due(Instant now, int max);

    /** Puts a batch into its next state, if it is still in that of {@code before}. Whether it was. */
    boolean move(Sync before, SyncState next);

    /** Gives a batch up, if it is still in that state. Whether it was. */
    boolean remove(Sync before);

    /** Forgets batches that were done before an instant; how many. */
    int forget(Instant doneBefore, int max);

    /** How many there are that are not done, by kind; what is not there is none. */
    Map<SyncState.Kind, Long> counts();
}
