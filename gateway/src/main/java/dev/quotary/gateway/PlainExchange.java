package dev.quotary.gateway;

import dev.quotary.http.UsageHeaders;
import dev.quotary.ledger.Outcome;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.UsageReading;
import dev.quotary.usage.Settled;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;

/**
 * A call with one whole answer: it is read, metered and recorded before the client gets it, so that an answer that came is a use that
 * is durable, with its cost in the headers. The body is passed on byte for byte.
 */
final class PlainExchange implements Exchange {
    private static final int OK = 200;

    private MeteredCall call;

    PlainExchange(MeteredCall call) {
        this.call = call;
    }

    void forward(Buffer body) {
        Forwarding.start(call, body, this);
    }

    @Override
    public void watchClient() {
        var response = call.request().response();
        response.closeHandler(null);
        response.exceptionHandler(null);
    }

    @Override
    public void sends(HttpClientRequest upstream) {
        // Nobody stops it: a plain answer is waited for also when its client has left.
    }

    @Override
    public void answered(MeteredCall served, HttpClientResponse head) {
        call = served;
        Upstream.body(head, call.provider(), call.context().owner())
                .onSuccess(bytes -> answered(new Answer(head, bytes)))
                .onFailure(failure -> brokenOff(head, failure));
    }

    private record Answer(HttpClientResponse head, Buffer body) {}

    private void answered(Answer answer) {
        settle(answer).onComplete(settled -> respond(answer, settled));
    }

    private Future<Settled> settle(Answer answer) {
        int status = answer.head().statusCode();
        if (status != OK) {
            return call.settleFailed("http_" + status);
        }
        var header = answer.head().getHeader(HttpHeaders.CONTENT_ENCODING);
        if (header == null) {
            return settle(answer.body().getBytes());
        }
        var coding = ContentCoding.of(header);
        return coding.isEmpty()
                ? settleUnread(answer)
                : call.services()
                        .decoding()
                        .decoded(coding.get(), answer.body(), Upstream.ANSWER_BYTES_MAX, call.context())
                        .transform(decoded ->
                                decoded.succeeded() ? settle(decoded.result().getBytes()) : settleUnread(answer));
    }

    /** Compressed although it was asked not to be, and not to be read: nothing has more tokens than the bytes that it takes. */
    private Future<Settled> settleUnread(Answer answer) {
        var facts = call.format().readAnswer(new byte[0]);
        var text = new OutputText("", 0, answer.body().length());
        return call.settle(facts, text, outcome(), null);
    }

    private Future<Settled> settle(byte[] bytes) {
        var wire = call.format();
        var facts = wire.readAnswer(bytes);
        var text = facts.usage() instanceof UsageReading.Reported ? OutputText.NONE : wire.readText(bytes);
        return call.settle(facts, text, outcome(), null);
    }

    private Outcome outcome() {
        return call.request().response().closed() ? Outcome.CANCELLED : Outcome.SUCCESS;
    }

    /** The client gets its answer also when the ledger did not answer: the provider has billed it, and recording goes on. */
    private void respond(Answer answer, AsyncResult<Settled> settled) {
        var response = call.request().response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(answer.head().statusCode());
        Headers.toClient(answer.head().headers(), response.headers());
        response.putHeader("X-Quotary-Event", call.hold().id().event().toString());
        if (settled.succeeded() && settled.result() instanceof Settled.Done done) {
            var amounts = done.event().metered().amounts();
            UsageHeaders.put(response.headers(), call.decision().settled(amounts));
            UsageHeaders.putQueueWait(response.headers(), call.queueWaitMillis());
            response.putHeader("X-Quotary-Cost", amounts.cost().toString());
        } else {
            UsageHeaders.put(response.headers(), call.decision());
        }
        response.end(answer.body());
    }

    @Override
    public void failed(MeteredCall asked, Throwable failure) {
        call = asked;
        failed(failure);
    }

    private void failed(Throwable failure) {
        var problem = Upstream.problem(call.provider(), failure);
        call.settleFailed(Upstream.errorType(failure)).onComplete(_ -> call.refuse(problem));
    }

    /** A provider that began a good answer bills it, also where it does not arrive: what was asked is charged, by an estimate. */
    private void brokenOff(HttpClientResponse head, Throwable failure) {
        if (head.statusCode() != OK) {
            failed(failure);
            return;
        }
        var nothing = call.format().readAnswer(new byte[0]);
        call.settle(nothing, OutputText.NONE, Outcome.ERROR, Upstream.errorType(failure))
                .onComplete(_ -> call.refuse(Upstream.problem(call.provider(), failure)));
    }
}
