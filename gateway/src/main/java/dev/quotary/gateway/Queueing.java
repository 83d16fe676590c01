package dev.quotary.gateway;

import dev.quotary.call.Call;
import dev.quotary.gateway.Admitting.Outcome;
import dev.quotary.gateway.upstream.Provider;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Problem;
import dev.quotary.limit.CounterKey;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.RequestFacts;
import dev.quotary.queue.Turn;
import dev.quotary.queue.Waited;
import dev.quotary.queue.Waited.Ending;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Reserved;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** A call that waits for room, and leaves with its client. What it may write is looked for anew each time it asks. */
record Queueing(
        Admitting admitting,
        Call call,
        Provider provider,
        ErrorShape errors,
        RequestFacts facts,
        HttpServerRequest request)
        implements AdmissionQueue.Asking<Outcome> {
    @Override
    public Outcome ask(Turn<CounterKey> turn) {
        return admitting.admit(call, provider.name(), facts, turn);
    }

    @Override
    public Reserved reserved(Outcome answer) {
        return answer.reserved();
    }

    @Override
    public long bytes() {
        return request.bytesRead();
    }

    /**
     * Waits without holding the event loop up.
     *
     * @param then what to do on {@code context} with the answer
     */
    void wait(Outcome first, Context context, Consumer<Outcome> then) {
        var response = request.response();
        var waiting = admitting.queue().enter(first, this);
        response.closeHandler(_ -> waiting.leave());
        if (response.closed()) {
            waiting.leave();
        }
        waiting.ended()
                .whenComplete((waited, failure) -> context.runOnContext(_ -> {
                    try {
                        if (failure != null) {
                            Refusals.send(response, errors, failure);
                        } else {
                            ended(waited, then);
                        }
                    } catch (RuntimeException | Error e) {
                        Refusals.send(response, errors, e);
                    }
                }));
    }

    private void ended(Waited<Outcome> waited, Consumer<Outcome> then) {
        if (waited.ending() == Ending.CLOSED) {
            var problem = Problem.of(
                    ErrorCode.SERVER_STOPPING, "The server stops, and the call waited for room; it was not forwarded.");
            Refusals.send(request.response(), errors, problem);
            return;
        }
        var reserved = AdmissionQueue.told(waited.answer().reserved(), waited);
        then.accept(new Outcome(reserved, waited.answer().outputCap()));
    }
}
