package dev.quotary.api.declare;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Recount;
import dev.quotary.limit.StoreUnavailableException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Has the ledger count anew what a change begins to count, and remembers what is left to be counted. For one thread at a time. */
final class Counts {
    private static final long RECOUNT_SECONDS_MAX = 600;
    private static final long USED_SECONDS_MAX = 30;

    private final Catalog catalog;
    private final Ledger ledger;
    private final InstantSource clock;
    /** What the last change did not get done. */
    private final Set<Recount> unfinished = new LinkedHashSet<>();

    Counts(Catalog catalog, Ledger ledger, InstantSource clock) {
        this.catalog = catalog;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Remembers what was left when the documents were stored. */
    void load(List<Document> stored) {
        unfinished.addAll(UnfinishedCounts.of(stored, catalog.declarations(), clock.instant()));
    }

    boolean finished() {
        return unfinished.isEmpty();
    }

    /** With what is left of earlier changes. */
    Set<Recount> withUnfinished(Set<Recount> recounts) {
        var all = new LinkedHashSet<>(recounts);
        all.addAll(unfinished);
        return all;
    }

    /** The change is in force that these were counted for; they are to be counted once more. */
    void begun(Set<Recount> recounts) {
        unfinished.addAll(recounts);
    }

    /** Counts what is left, once all that was posted by older declarations is in the ledger. */
    void finish(CatalogStore store) {
        if (unfinished.isEmpty()) {
            return;
        }
        catalog.awaitPostings();
        recount(UnfinishedCounts.current(unfinished, catalog.declarations(), clock.instant()));
        store.save(List.of(UnfinishedCounts.document(List.of())));
        unfinished.clear();
    }

    void recount(Collection<Recount> recounts) {
        if (!recounts.isEmpty()) {
            await(ledger.recount(List.copyOf(recounts)), RECOUNT_SECONDS_MAX, "counting anew what new limits count");
        }
    }

    /** Whether anything was ever recorded for an organization. */
    boolean used(OrganizationKey organization) {
        return await(ledger.used(organization), USED_SECONDS_MAX, "looking for use of an organization");
    }

    private static <T> T await(CompletionStage<T> stage, long secondsMax, String step) {
        try {
            return stage.toCompletableFuture().get(secondsMax, SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StoreUnavailableException(step, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException(step, e);
        }
    }
}
