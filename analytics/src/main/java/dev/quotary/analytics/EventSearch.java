package dev.quotary.analytics;

import java.util.concurrent.CompletionStage;

/**
 * Port: shows single events. Safe for concurrent use; no method blocks its caller. A stage fails with {@link
 * dev.quotary.limit.StoreUnavailableException} if the store does not answer.
 */
public interface EventSearch {
    /** The next events of a query, as they are recorded and as they cost now. */
    CompletionStage<EventPage> page(EventQuery query);

    /** Most events that are looked at for a page. */
    int LOOKED_AT_MAX = 10_000;
}
