package dev.quotary.gateway;

import dev.quotary.http.UsageHeaders;
import dev.quotary.ledger.Outcome;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.UsageReading;
import dev.quotary.usage.Settled;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call with one whole answer: it is read, metered and recorded before the client gets it, so that an answer that came is a use that
 * is durable, with its cost in the headers. The body is passed on byte for byte.
 */
final class PlainExchange implements Exchange {
    private static final int OK = 200;

    private static final Logger LOG = LoggerFactory.getLogger(PlainExchange.class);

    private MeteredCall call;
    private boolean answered;
    private boolean settled;

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
        answered = head.statusCode() == OK;
        Upstream.body(head, call.provider(), call.context().owner())
                .onSuccess(step(bytes -> answered(new Answer(head, bytes))))
                .onFailure(step(failure -> brokenOff(head, failure)));
    }

    private <T> Handler<T> step(Handler<? super T> step) {
        return Steps.guarded(failure -> broke(call, failure), step);
    }

    private record Answer(HttpClientResponse head, Buffer body) {}

    private void answered(Answer answer) {
        settle(answer).onComplete(step(done -> respond(answer, done)));
    }

    private Future<Settled> settle(Answer answer) {
        int status = answer.head().statusCode();
        if (status != OK) {
            settled = true;
            return call.settleFailed("http_" + status);
        }
        var header = answer.head().getHeader(HttpHeaders.CONTENT_ENCODING);
        if (header == null) {
            return settle(answer.body().getBytes());
        }
        var coding = ContentCoding.of(header);
        return coding.isEmpty()
                ? settleUnread(answer.body().length())
                : call.services()
                        .decoding()
                        .decoded(coding.get(), answer.body(), Upstream.ANSWER_BYTES_MAX, call.context())
                        .transform(decoded -> decoded.succeeded()
                                ? settle(decoded.result().getBytes())
                                : settleUnread(answer.body().length()));
    }

    /** Compressed although it was asked not to be, and not to be read. */
    private Future<Settled> settleUnread(long bytes) {
        settled = true;
        return call.settleUnread(bytes, Endings.of(Optional.empty(), clientGone()), null);
    }

    /** An answer that our reader fails on is charged by an estimate, and the client gets what the provider has billed. */
    private Future<Settled> settle(byte[] bytes) {
        AnswerFacts facts;
        OutputText text;
        try {
            facts = call.format().readAnswer(bytes);
            text = facts.usage() instanceof UsageReading.Reported
                    ? OutputText.NONE
                    : call.format().readText(bytes);
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("event", call.hold().id().event())
                    .log("an answer was not read; its use is estimated");
            settled = true;
            return call.settle(
                    AnswerFacts.UNREAD, call.unread(bytes.length), Endings.of(Optional.empty(), clientGone()), null);
        }
        settled = true;
        return call.settle(facts, text, Endings.of(facts.error(), clientGone()), Endings.errorType(facts.error()));
    }

    private boolean clientGone() {
        return call.request().response().closed();
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
        settled = true;
        call.settleFailed(Upstream.errorType(failure)).onComplete(step(_ -> call.refuse(problem)));
    }

    /** A provider that began a good answer bills it, also where it does not arrive: what was asked is charged, by an estimate. */
    private void brokenOff(HttpClientResponse head, Throwable failure) {
        if (head.statusCode() != OK) {
            failed(failure);
            return;
        }
        settled = true;
        call.settleUnread(0, Outcome.ERROR, Upstream.errorType(failure))
                .onComplete(step(_ -> call.refuse(Upstream.problem(call.provider(), failure))));
    }

    @Override
    public void broke(MeteredCall at, Throwable failure) {
        Upstream.logBroken(at, failure);
        at.journey().over();
        if (settled) {
            Steps.run(_ -> {}, () -> at.refuse(failure, answered));
            return;
        }
        settled = true;
        Steps.run(
                _ -> {},
                () -> (answered ? at.settleUnread(0, Outcome.ERROR, Upstream.BROKEN) : at.settleFailed(Upstream.BROKEN))
                        .onComplete(Steps.guarded(_ -> {}, _ -> at.refuse(failure, answered))));
    }
}
