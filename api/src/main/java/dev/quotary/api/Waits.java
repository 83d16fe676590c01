package dev.quotary.api;

import dev.quotary.limit.StoreUnavailableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits, on a thread that may. */
final class Waits {
    /** Longer than the store lets a query run. */
    private static final long SECONDS_MAX = 90;

    private Waits() {}

    /** What a stage comes to. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture()
                    .orTimeout(SECONDS_MAX, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw switch (e.getCause()) {
                case TimeoutException late -> new StoreUnavailableException("waiting for an answer of the store", late);
                case RuntimeException cause -> cause;
                case null, default -> e;
            };
        }
    }
}
