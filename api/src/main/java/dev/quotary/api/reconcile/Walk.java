package dev.quotary.api.reconcile;

import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Query;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.limit.StoreUnavailableException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Goes through events one by one, page by page of the ledger. */
public final class Walk {
    /** Some seconds of work. */
    public static final long EVENTS_MAX = 500_000;

    private static final long PAGE_SECONDS_MAX = 60;

    private Walk() {}

    /**
     * Hands events out in the order of their times. Blocks.
     *
     * @param first the first page
     * @param each says whether to go on
     * @return false if there are more than {@link #EVENTS_MAX}, or somebody did not want to go on
     */
    public static boolean through(Corrections ledger, Query first, Predicate<Recorded> each) {
        long events = 0;
        var place = first.after();
        List<Recorded> page;
        do {
            page = page(ledger, from(first, place));
            for (var recorded : page) {
                if (++events > EVENTS_MAX || !each.test(recorded)) {
                    return false;
                }
            }
            place = page.isEmpty() ? place : page.getLast().place();
        } while (page.size() == first.count());
        return true;
    }

    private static Query from(Query first, Place place) {
        return new Query(
                first.organization(),
                first.from(),
                first.until(),
                first.provider(),
                first.model(),
                place,
                first.count());
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
