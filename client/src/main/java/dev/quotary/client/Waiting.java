package dev.quotary.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what goes on beside. */
final class Waiting {
    private Waiting() {}

    /** The result; an {@link UnavailableException} if the waiting thread is interrupted, which does not end what it waited for. */
    static <T> T on(CompletableFuture<T> future) {
        return on(future, () -> {
            throw new UnavailableException("interrupted while waiting for Quotary", null);
        });
    }

    /** @param interrupted the result if the waiting thread is interrupted; it stays interrupted */
    static <T> T on(CompletableFuture<T> future, Supplier<T> interrupted) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return interrupted.get();
        } catch (ExecutionException e) {
            throw thrown(e.getCause() == null ? e : e.getCause());
        }
    }

    private static RuntimeException thrown(Throwable cause) {
        if (cause instanceof QuotaryException known) {
            // From the thread that waits, so that its trace says who asked.
            known.addSuppressed(new IllegalStateException("asked from here"));
            return known;
        }
        if (cause instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(cause);
    }

    /** The same, but what follows on it does not run on the few threads here, which it could block. */
    static <T> CompletableFuture<T> handedOver(CompletableFuture<T> future) {
        return future.whenCompleteAsync((result, failure) -> {});
    }

    /** What follows on a result or on a failure, of which exactly one is not null. */
    static <T, U> CompletableFuture<U> follow(CompletionStage<T> stage, Ending<? super T, U> ending) {
        var followed = new CompletableFuture<U>();
        var ignored = stage.whenComplete((result, failure) -> {
            var unused = (failure == null ? ending.done(result) : ending.failed(Transport.cause(failure)))
                    .whenComplete((next, cause) -> complete(followed, next, cause));
        });
        return followed;
    }

    private static <U> void complete(CompletableFuture<U> future, U result, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(result);
        } else {
            future.completeExceptionally(Transport.cause(failure));
        }
    }

    /** The two ways to go on. */
    interface Ending<T, U> {
        CompletableFuture<U> done(T result);

        CompletableFuture<U> failed(Throwable cause);
    }

    /** Done after that time. */
    static CompletableFuture<Void> after(Duration delay) {
        return delay.isZero()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                        () -> {}, CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS));
    }
}
