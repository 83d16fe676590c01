package dev.quotary.gateway;

import dev.quotary.http.ErrorCode;
import dev.quotary.http.Problem;
import dev.quotary.http.UsageHeaders;
import dev.quotary.ledger.Outcome;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import dev.quotary.usage.Reserved;
import dev.quotary.usage.Settled;
import io.vertx.core.AsyncResult;
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
    private boolean clientGone;
    private long drainedBytes;

    StreamExchange(MeteredCall call) {
        this.call = call;
        this.response = call.request().response();
        this.relay = call.parsed().relay();
    }

    void forward(Buffer body) {
        watchClient();
        Forwarding.start(call, body, this);
    }

    @Override
    public void watchClient() {
        response.closeHandler(_ -> clientLeft());
        response.exceptionHandler(_ -> clientLeft());
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
                    .onComplete(body -> refusedByProvider(answer, body));
            return;
        }
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
        answer.exceptionHandler(_ -> brokenOff());
        answer.endHandler(_ -> ended());
        answer.handler(bytes -> {
            started.heard();
            pass(answer, bytes);
        });
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
        call.settle(relay.facts().answer(), relay.text(), Outcome.ERROR, "provider_compressed")
                .onComplete(_ -> call.refuse(problem));
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

    private void pass(HttpClientResponse answer, Buffer bytes) {
        byte[] array = bytes.getBytes();
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
        var outcome = facts.error().isPresent() ? Outcome.ERROR : clientGone ? Outcome.CANCELLED : Outcome.SUCCESS;
        var errorType = facts.error().flatMap(error -> error.type()).orElse(null);
        call.settle(facts.answer(), relay.text(), outcome, errorType).onComplete(done -> finish(rest, done));
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
        call.settle(relay.facts().answer(), relay.text(), Outcome.ERROR, LIMIT_REACHED)
                .onComplete(_ -> endWith(rest, message));
    }

    private void settleBrokenOff(Slice rest, String errorType, String told) {
        var facts = relay.facts();
        var message = RefusalMessage.of(Refusal.PROVIDER_FAILED, told);
        call.settle(facts.answer(), relay.text(), Outcome.ERROR, errorType).onComplete(_ -> endWith(rest, message));
    }

    private void endWith(Slice rest, RefusalMessage message) {
        if (!response.closed() && !response.ended()) {
            response.write(Buffer.buffer(rest.toByteArray()));
            response.end(Buffer.buffer(relay.ending(message)));
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
        vertx.setTimer(DRAIN_MILLIS, _ -> abort());
    }

    /** Stops reading; what came so far is all there is to settle with. */
    private void abort() {
        if (ending()) {
            reset();
            call.settle(relay.facts().answer(), relay.text(), Outcome.CANCELLED, "client_left");
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
        call.settleFailed("http_" + answer.statusCode()).onComplete(_ -> {
            if (!response.closed()) {
                response.setStatusCode(answer.statusCode());
                Headers.toClient(answer.headers(), response.headers());
                response.putHeader("X-Quotary-Event", call.hold().id().event().toString());
                response.end(body.succeeded() ? body.result() : Buffer.buffer());
            }
        });
    }

    @Override
    public void failed(MeteredCall asked, Throwable failure) {
        if (ending()) {
            call = asked;
            call.settleFailed(Upstream.errorType(failure))
                    .onComplete(_ -> call.refuse(Upstream.problem(call.provider(), failure)));
        }
    }
}
