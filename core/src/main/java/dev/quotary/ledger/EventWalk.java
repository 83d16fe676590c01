package dev.quotary.ledger;

import dev.quotary.ledger.Corrections.Query;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.limit.StoreUnavailableException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Goes through recorded events one by one, page by page of the ledger. */
public final class EventWalk {
    /** How long to wait for a page. */
    private static final long PAGE_SECONDS_MAX = 60;

    private EventWalk() {}

    /**
     * Hands events out in the order of their times. Blocks.
     *
     * @param first the first page; all have its size
     * @param eventsMax how many at most
     * @param each says whether to go on
     * @return false if there are more, or it was not gone on
     * @throws StoreUnavailableException if the ledger does not answer
     */
    public static boolean through(Corrections ledger, Query first, long eventsMax, Predicate<Recorded> each) {
        var query = first;
        long events = 0;
        List<Recorded> page;
        do {
            page = page(ledger, query);
            for (var recorded : page) {
                if (++events > eventsMax || !each.test(recorded)) {
                    return false;
                }
            }
            if (!page.isEmpty()) {
                query = query.behind(page.getLast().place());
            }
        } while (page.size() == first.count());
        return true;
    }

    private static List<Recorded> page(Corrections ledger, Query query) {
        try {
            return ledger.events(query)
                    .toCompletableFuture()
                    .orTimeout(PAGE_SECONDS_MAX, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreUnavailableException unavailable
                    ? unavailable
                    : new StoreUnavailableException("reading events one by one", e.getCause());
        }
    }
}
