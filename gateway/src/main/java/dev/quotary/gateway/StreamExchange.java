package dev.quotary.gateway;

import dev.quotary.http.ErrorCode;
import dev.quotary.http.Problem;
import dev.quotary.http.UsageHeaders;
import dev.quotary.ledger.Outcome;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import dev.quotary.usage.Reserved;
import dev.quotary.usage.Settled;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call whose answer is a stream: events pass as they come, and the last one is held back until the use is durable.
 *
 * <p>Every way to end settles the call once. The provider ended it: with its own numbers. The provider broke off: with an estimate, and
 * the client gets an error event, as a plain end would look like a whole answer. The client left: we read on, within bounds, since the
 * provider bills the whole answer and tells its size only at the end. A limit ended it, see {@link HoldKeeper}: with an error event, too.
 */
final class StreamExchange implements Exchange {
    private static final int OK = 200;
    /** How long and how much is read on for a client that has left. */
    private static final long DRAIN_MILLIS = 60_000;

    private static final long DRAIN_BYTES_MAX = 16L << 20;
    private static final String BROKE_OFF = "provider_broke_off";
    private static final String LIMIT_REACHED = "limit_reached";
    private static final String COST = "X-Quotary-Cost";

    private MeteredCall call;
    private final HttpServerResponse response;
    private StreamRelay relay;
    private @Nullable HttpClientRequest upstream;
    private @Nullable SilenceWatch watch;
    private @Nullable HoldKeeper keeper;
    private boolean settled;
    private boolean charged;
    private boolean answered;
    private boolean clientGone;
    private long drainedBytes;
    private long receivedBytes;

    StreamExchange(MeteredCall call) {
        this.call = call;
        this.response = call.request().response();
        this.relay = call.parsed().relay();
    }

    void forward(Buffer body) {
        Steps.run(failure -> broke(call, failure), this::watchClient);
        Forwarding.start(call, body, this);
    }

    private <T> Handler<T> step(Handler<? super T> step) {
        return Steps.guarded(failure -> broke(call, failure), step);
    }

    @Override
    public void watchClient() {
        response.closeHandler(step(_ -> clientLeft()));
        response.exceptionHandler(step(_ -> clientLeft()));
    }

    @Override
    public void sends(HttpClientRequest request) {
        upstream = request;
    }

    @Override
    public void answered(MeteredCall served, HttpClientResponse answer) {
        if (!served.equals(call)) {
            call = served;
            relay = served.parsed().relay();
        }
        if (answer.statusCode() != OK) {
            Upstream.body(answer, call.provider(), call.context().owner())
                    .onComplete(step(body -> refusedByProvider(answer, body)));
            return;
        }
        answered = true;
        if (!ContentCoding.of(answer.getHeader(HttpHeaders.CONTENT_ENCODING))
                .equals(Optional.of(ContentCoding.IDENTITY))) {
            unreadable();
            return;
        }
        begin(answer);
        var started = SilenceWatch.start(
                call.context().owner(),
                call.provider().timeouts().silence(),
                response::writeQueueFull,
                this::fellSilent);
        watch = started;
        keeper = new HoldKeeper(call, relay, this::cutOff);
        answer.exceptionHandler(step(_ -> brokenOff()));
        answer.endHandler(step(_ -> ended()));
        answer.handler(step(bytes -> {
            started.heard();
            pass(answer, bytes);
        }));
    }

    /** A compressed stream, which was not asked for, cannot be metered: it does not pass. What was asked is charged. */
    private void unreadable() {
        if (!ending()) {
            return;
        }
        reset();
        var problem = Problem.of(
                ErrorCode.PROVIDER_UNREACHABLE,
                "Provider " + call.provider().name()
                        + " answered with a compressed stream, which it was asked not to do.");
        settle(relay.facts().answer(), Outcome.ERROR, "provider_compressed")
                .onComplete(step(_ -> call.refuse(problem)));
    }

    /** Whether nothing has ended the call before; if so, it has ended now. */
    private boolean ending() {
        if (settled) {
            return false;
        }
        settled = true;
        if (watch != null) {
            watch.end();
        }
        if (keeper != null) {
            keeper.end();
        }
        return true;
    }

    private void begin(HttpClientResponse answer) {
        if (response.closed()) {
            return;
        }
        response.setStatusCode(OK);
        Headers.toClient(answer.headers(), response.headers());
        UsageHeaders.put(response.headers(), call.decision());
        UsageHeaders.putQueueWait(response.headers(), call.journey().waitedMillis());
        response.putHeader("X-Quotary-Event", call.hold().id().event().toString());
        response.setChunked(true);
    }

    /** With what the answer says; else by what of it was written. */
    private Future<Settled> settle(AnswerFacts facts, Outcome outcome, @Nullable String errorType) {
        var text = relay.text();
        charged = true;
        return call.settle(facts, text, outcome, errorType);
    }

    private void pass(HttpClientResponse answer, Buffer bytes) {
        if (settled) {
            return;
        }
        byte[] array = bytes.getBytes();
        receivedBytes += array.length;
        var out = relay.feed(array, 0, array.length);
        if (keeper != null) {
            keeper.wrote();
        }
        if (clientGone) {
            drainedBytes += array.length;
            if (drainedBytes > DRAIN_BYTES_MAX) {
                abort();
            }
            return;
        }
        write(out, array, bytes);
        if (response.writeQueueFull()) {
            answer.pause();
            response.drainHandler(_ -> answer.resume());
        }
    }

    private void write(Slice out, byte[] array, Buffer bytes) {
        if (!out.empty()) {
            response.write(out.same(array, 0, array.length) ? bytes : Buffer.buffer(out.toByteArray()));
        }
    }

    private void ended() {
        if (!ending()) {
            return;
        }
        var rest = relay.finish();
        var facts = relay.facts();
        // Usage is the last thing that a provider says before its terminal event, which some leave out.
        boolean whole =
                facts.done() || facts.error().isPresent() || facts.answer().usage() instanceof UsageReading.Reported;
        if (!whole && !clientGone) {
            settleBrokenOff(rest, BROKE_OFF, "The provider broke the stream off; this answer is not complete.");
            return;
        }
        settle(facts.answer(), Endings.of(facts.error(), clientGone), Endings.errorType(facts.error()))
                .onComplete(step(done -> finish(rest, done)));
    }

    /** The last event goes out behind the durable use; then the cost, for clients that take trailers. */
    private void finish(Slice rest, AsyncResult<Settled> done) {
        if (response.closed() || response.ended()) {
            return;
        }
        if (done.succeeded() && done.result() instanceof Settled.Done settledNow && takesTrailers()) {
            response.putTrailer(
                    COST, settledNow.event().metered().amounts().cost().toString());
        }
        var last = Buffer.buffer(rest.toByteArray()).appendBytes(relay.tail().toByteArray());
        response.end(last);
    }

    private boolean takesTrailers() {
        var te = call.request().getHeader("TE");
        return te != null && te.contains("trailers");
    }

    private void brokenOff() {
        if (ending()) {
            settleBrokenOff(
                    relay.finish(), BROKE_OFF, "The provider broke the stream off; this answer is not complete.");
        }
    }

    private void fellSilent() {
        if (ending()) {
            reset();
            settleBrokenOff(
                    relay.finish(),
                    "provider_timeout",
                    "The provider fell silent within the stream; this answer is not complete.");
        }
    }

    /** The stream needs more than there is: it ends here, with what the client got settled by the best there is to know of it. */
    private void cutOff(Reserved refused) {
        if (!ending()) {
            return;
        }
        reset();
        var rest = relay.finish();
        var message = Refusals.midStream(refused);
        settle(relay.facts().answer(), Outcome.ERROR, LIMIT_REACHED).onComplete(step(_ -> endWith(rest, message)));
    }

    private void settleBrokenOff(Slice rest, String errorType, String told) {
        var facts = relay.facts();
        var message = RefusalMessage.of(Refusal.PROVIDER_FAILED, told);
        settle(facts.answer(), Outcome.ERROR, errorType).onComplete(step(_ -> endWith(rest, message)));
    }

    private void endWith(Slice rest, RefusalMessage message) {
        if (!response.closed() && !response.ended()) {
            response.write(Buffer.buffer(rest.toByteArray()));
            byte[] ending = relay.ending(message);
            if (ending.length == 0) {
                // Where the form has no words for it, only a broken connection tells the client that its answer is not
                // whole.
                response.reset();
            } else {
                response.end(Buffer.buffer(ending));
            }
        }
    }

    private void clientLeft() {
        if (settled || clientGone) {
            return;
        }
        clientGone = true;
        var request = upstream;
        if (request != null) {
            request.response().onSuccess(HttpClientResponse::resume);
        }
        var vertx = call.context().owner();
        vertx.setTimer(DRAIN_MILLIS, step(_ -> abort()));
    }

    /** Stops reading; what came so far is all there is to settle with. */
    private void abort() {
        if (ending()) {
            reset();
            settle(relay.facts().answer(), Outcome.CANCELLED, "client_left");
        }
    }

    private void reset() {
        if (upstream != null) {
            upstream.reset();
        }
    }

    private void refusedByProvider(HttpClientResponse answer, AsyncResult<Buffer> body) {
        if (!ending()) {
            return;
        }
        charged = true;
        call.settleFailed("http_" + answer.statusCode()).onComplete(step(_ -> {
            if (!response.closed()) {
                response.setStatusCode(answer.statusCode());
                Headers.toClient(answer.headers(), response.headers());
                response.putHeader("X-Quotary-Event", call.hold().id().event().toString());
                response.end(body.succeeded() ? body.result() : Buffer.buffer());
            }
        }));
    }

    @Override
    public void failed(MeteredCall asked, Throwable failure) {
        if (ending()) {
            call = asked;
            charged = true;
            call.settleFailed(Upstream.errorType(failure))
                    .onComplete(step(_ -> call.refuse(Upstream.problem(call.provider(), failure))));
        }
    }

    @Override
    public void broke(MeteredCall at, Throwable failure) {
        Upstream.logBroken(at, failure);
        ending();
        at.journey().over();
        Steps.run(_ -> {}, this::reset);
        if (charged) {
            breakOff(at, failure);
            return;
        }
        charged = true;
        Steps.run(
                _ -> breakOff(at, failure),
                () -> (answered
                                ? at.settle(AnswerFacts.UNREAD, written(at), Outcome.ERROR, Upstream.BROKEN)
                                : at.settleFailed(Upstream.BROKEN))
                        .onComplete(_ -> breakOff(at, failure)));
    }

    /** What the relay had read before it failed, if it can still tell. */
    private OutputText written(MeteredCall at) {
        try {
            return relay.text();
        } catch (RuntimeException | Error e) {
            return at.unread(receivedBytes);
        }
    }

    /** A relay that failed is asked for nothing more: the connection tells the client that its answer is not whole. */
    private void breakOff(MeteredCall at, Throwable failure) {
        Steps.run(_ -> {}, () -> {
            if (response.headWritten()) {
                response.reset();
            } else {
                at.refuse(failure, answered);
            }
        });
    }
}
