package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks a Quotary server before a call and tells it afterwards. One for an application: thread-safe, with three or four threads of its own
 * however much it is used, which end when it is closed.
 *
 * <p>Every step has a form that waits and one that does not ({@code …Async}). What may safely be sent twice is sent up to three times
 * within the time-out, always under the same id. A step fails with
 * <ul>
 *   <li>{@link LimitExceededException}: a limit has no room;
 *   <li>{@link RequestRefusedException}: wrong key, wrong value, blocked subject;
 *   <li>{@link UnavailableException}: no answer. Calls may pass all the same ({@link WhenUnavailable}), and usage is kept and told later
 *       ({@link UnsentOptions});
 *   <li>{@link java.util.concurrent.RejectedExecutionException}: ten thousand requests of this client wait already; usage is kept;
 *   <li>{@link IllegalStateException}: this client is closed.
 * </ul>
 *
 * <p>What follows on a future is run on the common pool, so it may block.
 */
public final class QuotaryClient implements AutoCloseable {
    private final QuotaryClientBuilder options;
    private final Transport transport;
    private final Settling settling;
    private final Metering metering;

    QuotaryClient(QuotaryClientBuilder options, Transport.Target target) {
        this.options = options;
        this.transport = new Transport(target);
        var listener = options.listener();
        try {
            this.settling = new Settling(transport, options.unsent(), listener);
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
        this.metering = new Metering(this, listener, options.awaitSettlement());
    }

    /**
     * A client of the server at an address.
     *
     * @param key of role {@code service}, or a subject's own
     */
    public static QuotaryClientBuilder builder(URI url, String key) {
        return new QuotaryClientBuilder(url, key);
    }

    /** Says whether a call would be admitted, and holds nothing. A denial is a decision here, no exception. */
    public Decision check(Call call) {
        return Waiting.on(checking(call));
    }

    /** As {@link #check}. */
    public CompletableFuture<Decision> checkAsync(Call call) {
        return Waiting.handedOver(checking(call));
    }

    private CompletableFuture<Decision> checking(Call call) {
        return orUnmetered(ask(Request.post("/check", call.members()), Decision::read), Decision::unasked);
    }

    /**
     * Holds what a call uses at most on every limit that applies, or on none.
     *
     * @throws LimitExceededException if a limit has no room
     */
    public Reservation reserve(Call call) {
        var reserving = reserving(call);
        return Waiting.on(reserving, () -> {
            var ignored = reserving.thenAccept(Reservation::close);
            throw new UnavailableException("interrupted while waiting for Quotary", null);
        });
    }

    /** As {@link #reserve}. */
    public CompletableFuture<Reservation> reserveAsync(Call call) {
        return Waiting.handedOver(reserving(call));
    }

    CompletableFuture<Reservation> reserving(Call call) {
        var named = call.id().isPresent() ? call : call.id(options.newId());
        var asked = ask(Request.post("/reservations", named.members()), answer -> {
            if (answer.denial()) {
                throw new LimitExceededException(Decision.read(answer));
            }
            return Reservation.granted(this, named, answer);
        });
        return orUnmetered(asked, () -> Reservation.unmetered(this, named));
    }

    /**
     * Records use after the fact; never refused for a limit. Returns once it is in the ledger, or kept to be told again.
     *
     * <p>It counts at the time of this call. Under an id of the caller's own it counts when it arrives, as a repeat under that id must say the
     * same; where that matters, name its time.
     *
     * @throws RequestRefusedException if the server will never take it
     * @throws UnavailableException if it could be neither told nor kept
     */
    public Settled record(Call call, Usage usage) {
        return recorded(content(call, usage));
    }

    /** As {@link #record(Call, Usage)}, of use at a time: at most 5 minutes ahead of the server's clock. */
    public Settled record(Call call, Usage usage, Instant time) {
        return recorded(content(call, usage, Optional.of(time)));
    }

    private Settled recorded(Json.Obj content) {
        return Waiting.on(
                settling.now(content),
                () -> new Settled.Kept(content.at("id").text().orElse("")));
    }

    /** As {@link #record(Call, Usage)}. */
    public CompletableFuture<Settled> recordAsync(Call call, Usage usage) {
        return Waiting.handedOver(settling.now(content(call, usage)));
    }

    /**
     * Records without waiting for the server: a thread of the client sends it, together with others. {@link UsageListener} hears of it if
     * it is refused.
     *
     * @return false if there was no room to keep it: it is lost then, and told to the listener
     */
    public boolean recordLater(Call call, Usage usage) {
        return settling.soon(content(call, usage)).isPresent();
    }

    /** As {@link #recordLater(Call, Usage)}, of use at a time. */
    public boolean recordLater(Call call, Usage usage, Instant time) {
        return settling.soon(content(call, usage, Optional.of(time))).isPresent();
    }

    private Json.Obj content(Call call, Usage usage) {
        return content(call, usage, call.id().isPresent() ? Optional.empty() : Optional.of(now()));
    }

    private Json.Obj content(Call call, Usage usage, Optional<Instant> time) {
        return Entry.record(call.id().orElseGet(options::newId), time, call, usage);
    }

    /** What a call with this text as its prompt would cost. */
    public Estimate estimate(String provider, String model, String text, long outputTokensMax) {
        return Waiting.on(estimateAsync(provider, model, Json.of(text), outputTokensMax));
    }

    /**
     * What a call with these messages would cost.
     *
     * @param messages as the provider takes them
     */
    public Estimate estimate(
            String provider, String model, List<? extends Map<String, ?>> messages, long outputTokensMax) {
        return Waiting.on(estimateAsync(provider, model, Json.of(messages), outputTokensMax));
    }

    private CompletableFuture<Estimate> estimateAsync(
            String provider, String model, Json prompt, long outputTokensMax) {
        var body = Call.of(provider, model)
                .members()
                .with(prompt instanceof Json.Text ? "text" : "messages", prompt)
                .with("max_output_tokens", outputTokensMax);
        return ask(Request.post("/estimate", body), Estimate::read);
    }

    /** How every limit of a subject stands. */
    public Status status(String subject) {
        return Waiting.on(asking(subject));
    }

    /** As {@link #status(String)}. */
    public CompletableFuture<Status> statusAsync(String subject) {
        return Waiting.handedOver(asking(subject));
    }

    private CompletableFuture<Status> asking(String subject) {
        return ask(Request.get("/status?subject=" + Request.encoded(subject)), Status::read);
    }

    /** How every limit of the key's own subject stands; of a service key, those of the organization. */
    public Status status() {
        return Waiting.on(ask(Request.get("/status"), Status::read));
    }

    /** What was used, over time and by group. */
    public UsageStats usage(UsageQuery query) {
        return Waiting.on(ask(Request.get("/query?" + query.text()), UsageStats::read));
    }

    /**
     * Reserves, calls, and commits what was used. A call that throws is committed as a failure, which charges nothing but the request.
     *
     * @param usage reads out of the answer what was used; if it throws, what was held stands
     * @return what the call answered, once its usage is in the ledger or kept
     * @throws LimitExceededException if a limit has no room; the call is not made then
     * @throws E if the call failed so
     */
    public <T, E extends Exception> T execute(Call call, Work<? extends T, E> work, Function<? super T, Usage> usage)
            throws E {
        return value(this.<T, E>wrap(call, work, usage));
    }

    /** As {@link #execute}, with a refusal as a value, and what the call cost beside its answer. */
    public <T, E extends Exception> Attempt<T> wrap(
            Call call, Work<? extends T, E> work, Function<? super T, Usage> usage) throws E {
        return metering.run(call, work, usage);
    }

    /** As {@link #execute}, round a call that does not wait. */
    public <T> CompletableFuture<T> executeAsync(
            Call call, Supplier<? extends CompletionStage<T>> work, Function<? super T, Usage> usage) {
        return wrapAsync(call, work, usage).thenApply(QuotaryClient::value);
    }

    /** As {@link #wrap}, round a call that does not wait. */
    public <T> CompletableFuture<Attempt<T>> wrapAsync(
            Call call, Supplier<? extends CompletionStage<T>> work, Function<? super T, Usage> usage) {
        return Waiting.handedOver(metering.start(call, work, usage));
    }

    /**
     * As {@link #execute}, round a stream: each subscription is a call. One that fails or is cancelled after it began to answer is charged
     * what was told so far, else what was held.
     *
     * @param usage reads out of an item what has been used up to it, if the item says so; the last one counts
     */
    public <T> Flow.Publisher<T> executeStream(
            Call call, Supplier<? extends Flow.Publisher<T>> work, Function<? super T, Optional<Usage>> usage) {
        return new MeteredPublisher<>(metering, call, work, usage);
    }

    private static <T> T value(Attempt<T> attempt) {
        if (attempt instanceof Attempt.Done<T> done) {
            return done.value();
        }
        throw new LimitExceededException(((Attempt.Refused<T>) attempt).decision());
    }

    /** How many usages wait to be told again. */
    public int unsent() {
        return settling.waiting();
    }

    /** Tries now to tell what is kept, and waits. False if something is kept still. */
    public boolean flush(Duration patience) throws InterruptedException {
        return settling.flush(patience);
    }

    /**
     * Tells once more what is kept, within a bounded time, and ends the threads. What is left is on disk, or told to the listener as lost.
     * Later steps fail.
     */
    @Override
    public void close() {
        settling.close(options.closePatience());
    }

    CompletableFuture<Void> release(String id, Call call) {
        return transport
                .call(Request.post(Request.reservation(id, "release"), organization(call)))
                .thenAccept(answer -> {
                    var mistake = answer.mistake();
                    // Nothing is held under it: that is what was wanted, by a release before, or as it expired.
                    if (mistake.isPresent() && !mistake.get().is(Problem.RESERVATION_UNKNOWN)) {
                        throw new RequestRefusedException(mistake.get());
                    }
                });
    }

    CompletableFuture<Answer> extend(String id, Call call, Call more) {
        var body = organization(call);
        for (var name : List.of("quantities", "cost", "ttl_seconds")) {
            body = more.members().has(name) ? body.with(name, more.members().at(name)) : body;
        }
        return ask(Request.post(Request.reservation(id, "extend"), body).once(), answer -> {
            if (answer.denial()) {
                throw new LimitExceededException(Decision.read(answer));
            }
            return answer;
        });
    }

    private static Json.Obj organization(Call call) {
        var organization = call.members().at("organization");
        return organization instanceof Json.Text ? Json.Obj.EMPTY.with("organization", organization) : Json.Obj.EMPTY;
    }

    private <T> CompletableFuture<T> ask(Request request, Function<Answer, T> read) {
        return transport.call(request).thenApply(answer -> {
            settling.serverAnswers();
            if (!answer.success() && !answer.denial()) {
                throw new RequestRefusedException(answer.mistake().orElseThrow());
            }
            try {
                return read.apply(answer);
            } catch (IllegalArgumentException e) {
                throw new UnavailableException("An answer that is none of Quotary's: " + e.getMessage(), e);
            }
        });
    }

    /** Fail open, if that was chosen, and nobody who knows better has said otherwise. */
    private <T> CompletableFuture<T> orUnmetered(CompletableFuture<T> asked, Supplier<T> unmetered) {
        return asked.exceptionally(failure -> {
            if (options.whenUnavailable() == WhenUnavailable.ALLOW
                    && Transport.cause(failure) instanceof UnavailableException unavailable
                    && !storeUnavailable(unavailable)) {
                return unmetered.get();
            }
            throw failure instanceof CompletionException passing ? passing : new CompletionException(failure);
        });
    }

    private static boolean storeUnavailable(UnavailableException unavailable) {
        return unavailable.getCause() instanceof Transport.UnavailableAnswer told
                && Problem.of(told.answer())
                        .filter(problem -> problem.is(Problem.STORE_UNAVAILABLE))
                        .isPresent();
    }

    Settling settling() {
        return settling;
    }

    Instant now() {
        return options.clock().instant();
    }
}
