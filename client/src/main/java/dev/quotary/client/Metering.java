package dev.quotary.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reserve, call, commit. Whatever becomes of the commit, the caller gets what the call answered or threw: it was made, and may have cost
 * money.
 */
final class Metering {
    private final QuotaryClient client;
    private final UsageListener listener;
    private final boolean await;

    /** @param await whether callers wait until their usage is in the ledger */
    Metering(QuotaryClient client, UsageListener listener, boolean await) {
        this.client = client;
        this.listener = listener;
        this.await = await;
    }

    <T, E extends Exception> Attempt<T> run(Call call, Work<? extends T, E> work, Function<? super T, Usage> usage)
            throws E {
        Reservation reservation;
        try {
            reservation = client.reserve(call);
        } catch (LimitExceededException e) {
            return new Attempt.Refused<>(e.decision());
        }
        delay(reservation);
        var begun = client.now();
        T value;
        try {
            value = work.run();
        } catch (Throwable failure) {
            var ignored = settle(reservation, timed(Usage.failed(failure), begun));
            throw failure;
        }
        var settled = settle(reservation, timed(read(reservation, usage, value, Usage.asHeld()), begun));
        return new Attempt.Done<>(value, reservation.decision(), settled);
    }

    private static void delay(Reservation reservation) {
        try {
            Waiting.on(Waiting.after(reservation.decision().delay()));
        } catch (UnavailableException e) {
            reservation.close();
            throw e;
        }
    }

    private Settled settle(Reservation reservation, Usage used) {
        // Interrupted or not, it goes on.
        return Waiting.on(settled(reservation, used), () -> new Settled.Kept(reservation.id()));
    }

    <T> CompletableFuture<Attempt<T>> start(
            Call call, Supplier<? extends CompletionStage<T>> work, Function<? super T, Usage> usage) {
        // The caller's code runs on the common pool, as it may block the few threads here.
        return Waiting.follow(Waiting.handedOver(reserve(call)), new Waiting.Ending<Reservation, Attempt<T>>() {
            @Override
            public CompletableFuture<Attempt<T>> done(Reservation reservation) {
                return start(reservation, work, usage);
            }

            @Override
            public CompletableFuture<Attempt<T>> failed(Throwable cause) {
                return cause instanceof LimitExceededException refused
                        ? CompletableFuture.completedFuture(new Attempt.Refused<>(refused.decision()))
                        : CompletableFuture.failedFuture(cause);
            }
        });
    }

    /** Done when the call may begin. */
    CompletableFuture<Reservation> reserve(Call call) {
        return client.reserving(call)
                .thenCompose(reservation ->
                        Waiting.after(reservation.decision().delay()).thenApply(nothing -> reservation));
    }

    private <T> CompletableFuture<Attempt<T>> start(
            Reservation reservation, Supplier<? extends CompletionStage<T>> work, Function<? super T, Usage> usage) {
        var begun = client.now();
        return Waiting.follow(begin(work), new Waiting.Ending<T, Attempt<T>>() {
            @Override
            public CompletableFuture<Attempt<T>> done(T value) {
                return settled(reservation, timed(read(reservation, usage, value, Usage.asHeld()), begun))
                        .thenApply(settled -> new Attempt.Done<>(value, reservation.decision(), settled));
            }

            @Override
            public CompletableFuture<Attempt<T>> failed(Throwable cause) {
                return settled(reservation, timed(Usage.failed(cause), begun))
                        .thenCompose(settled -> CompletableFuture.failedFuture(cause));
            }
        });
    }

    private static <T> CompletionStage<T> begin(Supplier<? extends CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What the caller's function reads out of the answer; if it fails, what was held stands, as it is an upper bound. */
    <T, U> U read(Reservation reservation, Function<? super T, U> usage, T value, U otherwise) {
        try {
            return Objects.requireNonNull(usage.apply(value), "expected a usage, was null");
        } catch (RuntimeException e) {
            listener.estimated(reservation.id(), "the usage was not read: " + e);
            return otherwise;
        }
    }

    /** Never fails. */
    CompletableFuture<Settled> settled(Reservation reservation, Usage usage) {
        if (!await) {
            return CompletableFuture.completedFuture(
                    reservation.commitLater(usage)
                            ? new Settled.Kept(reservation.id())
                            : new Settled.Lost("there is no room to keep it"));
        }
        return reservation
                .committing(usage)
                .exceptionally(failure ->
                        new Settled.Lost(String.valueOf(Transport.cause(failure).getMessage())));
    }

    private Usage timed(Usage usage, Instant begun) {
        var latency = Duration.between(begun, client.now());
        return usage.has("latency_ms") || latency.isNegative() ? usage : usage.latency(latency);
    }
}
