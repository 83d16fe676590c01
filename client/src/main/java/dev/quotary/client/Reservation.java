package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A hold on every limit of a call, to be settled once: by {@link #commit} with what was used, or by {@link #release}. Thread-safe.
 *
 * <p>Closing one that was not settled gives it back, so that a try block cannot forget it. One that nobody settles expires by itself and
 * charges nothing; a commit after that still counts, and says that it came late.
 */
public final class Reservation implements AutoCloseable {
    private final QuotaryClient client;
    private final Call call;
    private final Decision decision;
    private final Instant admitted;
    private final String id;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile Optional<Instant> expiresAt;

    private Reservation(QuotaryClient client, Call call, Decision decision, Json held) {
        this.client = client;
        this.call = call;
        this.decision = decision;
        this.admitted = client.now();
        this.id = held.at("id").text().or(call::id).orElseThrow(() -> new IllegalArgumentException("expected an id"));
        this.expiresAt = Answers.time(held, "expires_at");
    }

    /** @param call with an id */
    static Reservation granted(QuotaryClient client, Call call, Answer answer) {
        var held = answer.body().at("reservation");
        if (!(held instanceof Json.Obj)) {
            throw new IllegalArgumentException("expected 'reservation' in the answer");
        }
        return new Reservation(client, call, Decision.read(answer), held);
    }

    /** Of a call that passes although nobody could be asked. */
    static Reservation unmetered(QuotaryClient client, Call call) {
        return new Reservation(client, call, Decision.unasked(), Json.Nil.NULL);
    }

    /** The server's id of it; where nobody could be asked, that of the call. */
    public String id() {
        return id;
    }

    /** How the limits stand, and what the call would cost. */
    public Decision decision() {
        return decision;
    }

    /** Empty of a call that passes although nobody could be asked. */
    public Optional<Instant> expiresAt() {
        return expiresAt;
    }

    /**
     * Settles with what was used. Returns once that is in the ledger, or kept to be told again.
     *
     * @throws RequestRefusedException if the server will never take it, such as a meter that it does not know
     * @throws UnavailableException if it could be neither told nor kept; it may be committed again then
     * @throws IllegalStateException if it is settled already
     */
    public Settled commit(Usage usage) {
        return Waiting.on(committing(usage), () -> new Settled.Kept(id));
    }

    /** As {@link #commit}. */
    public CompletableFuture<Settled> commitAsync(Usage usage) {
        return Waiting.handedOver(committing(usage));
    }

    CompletableFuture<Settled> committing(Usage usage) {
        settleOnce();
        return client.settling().now(content(usage)).whenComplete((done, failure) -> settled.set(failure == null));
    }

    /** Settles without waiting for the server; see {@link QuotaryClient#recordLater}. */
    public boolean commitLater(Usage usage) {
        settleOnce();
        boolean kept = client.settling().soon(content(usage)).isPresent();
        settled.set(kept);
        return kept;
    }

    /** Where nobody could be asked, nothing is held that could be committed; and a hold that is there after all ends by itself. */
    private Json.Obj content(Usage usage) {
        return decided()
                ? Entry.commit(id, admitted, call, usage)
                : Entry.record(id, Optional.of(admitted), call, usage);
    }

    private boolean decided() {
        return expiresAt.isPresent();
    }

    private void settleOnce() {
        if (!settled.compareAndSet(false, true)) {
            throw new IllegalStateException("reservation " + id + " is settled already");
        }
    }

    /**
     * Gives it back: nothing was used.
     *
     * @throws UnavailableException if the server could not be told; it expires by itself
     * @throws IllegalStateException if it is settled already
     */
    public void release() {
        Waiting.on(releasing());
    }

    /** As {@link #release}. */
    public CompletableFuture<Void> releaseAsync() {
        return Waiting.handedOver(releasing());
    }

    private CompletableFuture<Void> releasing() {
        settleOnce();
        return decided() ? client.release(id, call) : CompletableFuture.completedFuture(null);
    }

    /**
     * Holds for longer, and more. Sent once only, as a repeat would hold as much again.
     *
     * @param more whose quantities, cost and time to live count
     * @throws LimitExceededException if there is no room; what was held stays held
     */
    public Decision extend(Call more) {
        return Waiting.on(extending(more));
    }

    /** As {@link #extend}. */
    public CompletableFuture<Decision> extendAsync(Call more) {
        return Waiting.handedOver(extending(more));
    }

    private CompletableFuture<Decision> extending(Call more) {
        return decided()
                ? client.extend(id, call, more).thenApply(answer -> {
                    expiresAt = Answers.time(answer.body().at("reservation"), "expires_at")
                            .or(() -> expiresAt);
                    return Decision.read(answer);
                })
                : CompletableFuture.completedFuture(Decision.unasked());
    }

    /** For longer. */
    public Decision extend(Duration ttl) {
        return extend(Call.of().ttl(ttl));
    }

    /** Gives it back if it was not settled, without waiting: if the server cannot be told, it expires by itself. */
    @Override
    public void close() {
        if (!settled.get()) {
            var ignored = releasing();
        }
    }
}
