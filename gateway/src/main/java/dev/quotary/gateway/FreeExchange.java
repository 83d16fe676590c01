package dev.quotary.gateway;

import dev.quotary.http.Bodies;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Forwards a question that costs nothing, such as the list of models; once, whatever comes of it. */
final class FreeExchange {
    /** Questions with a body are those for the tokens of a prompt. */
    private static final long QUESTION_BYTES_MAX = 64L << 20;

    private FreeExchange() {}

    static void forward(Vertx vertx, Services services, HttpServerRequest request, Routes.Route route) {
        var response = request.response();
        var provider = route.provider();
        var clock = services.clock();
        var asked = Bodies.read(request, QUESTION_BYTES_MAX);
        var target = ClientHead.of(request, route).target();
        var lane = provider.lanes().enter(List.of(), clock.instant());
        if (lane == null) {
            var why = new ProviderLeftAloneException(provider.name());
            Refusals.send(response, provider.api().errors(), Upstream.problem(provider, why));
            return;
        }
        Future.succeededFuture()
                // Whatever it throws fails the chain, at whose end the lane is given back.
                .compose(_ -> Upstream.open(services.client(), request, provider, lane, target))
                .compose(upstream -> asked.compose(upstream::send))
                .onFailure(_ -> lane.failed(clock.instant()))
                .onSuccess(head -> lane.answered(head.statusCode(), RetryAfter.of(head.headers()), clock.instant()))
                .compose(head -> Upstream.body(head, provider, vertx).map(body -> {
                    response.setStatusCode(head.statusCode());
                    Headers.toClient(head.headers(), response.headers());
                    return body;
                }))
                .onComplete(_ -> lane.ended())
                .onSuccess(response::end)
                .onFailure(failure ->
                        Refusals.send(response, provider.api().errors(), Upstream.problem(provider, failure)));
    }
}
