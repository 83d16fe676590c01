package dev.quotary.api;

import dev.quotary.api.declare.Declaring;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Subject;
import dev.quotary.ledger.Moved;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.usage.Merging;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * What a process that died may have left of merges of visitors: those that the ledger knows and that are not blocked yet, and use of calls that
 * ended after the merge.
 */
public final class MergesLeft {
    /** No call holds anything for longer than a day. */
    private static final Duration BACK = Duration.ofHours(25);

    private final Merging merging;
    private final List<Moved> merges;

    private MergesLeft(Merging merging, List<Moved> merges) {
        this.merging = merging;
        this.merges = merges;
    }

    /**
     * Blocks whoever was merged and is not blocked; before anything is admitted. Blocks the caller.
     *
     * @throws StoreUnavailableException if the store does not answer
     */
    public static MergesLeft block(Merging merging, Catalog catalog, Declaring declaring, Instant now) {
        try {
            var merges = merging.since(now.minus(BACK)).toCompletableFuture().join();
            for (var merge : merges) {
                var visitor = catalog.subject(merge.organization(), merge.from());
                if (visitor.filter(Subject::blocked).isEmpty()) {
                    declaring.block(merge.organization(), merge.from(), true, Actor.SERVER);
                }
            }
            return new MergesLeft(merging, merges);
        } catch (CompletionException e) {
            throw failed(e);
        }
    }

    /** Moves what is not moved yet. Blocks the caller, for some milliseconds per merge: not on the way of a start. */
    public void moveRest() {
        try {
            for (var merge : merges) {
                merging.rest(merge.organization(), merge.from())
                        .toCompletableFuture()
                        .join();
            }
        } catch (CompletionException e) {
            throw failed(e);
        }
    }

    private static StoreUnavailableException failed(CompletionException e) {
        return e.getCause() instanceof StoreUnavailableException unavailable
                ? unavailable
                : new StoreUnavailableException("finishing merges of visitors", e.getCause());
    }
}
