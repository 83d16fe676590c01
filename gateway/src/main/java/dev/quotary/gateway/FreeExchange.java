package dev.quotary.gateway;

import dev.quotary.http.Bodies;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpServerRequest;

/** Forwards a question that costs nothing, such as the list of models. */
final class FreeExchange {
    /** Questions with a body are those for the tokens of a prompt. */
    private static final long QUESTION_BYTES_MAX = 64L << 20;

    private FreeExchange() {}

    static void forward(Vertx vertx, HttpClientAgent client, HttpServerRequest request, Routes.Route route) {
        var response = request.response();
        var asked = Bodies.read(request, QUESTION_BYTES_MAX);
        Upstream.open(
                        client,
                        request,
                        route.provider(),
                        ClientHead.of(request, route.path()).target())
                .compose(upstream -> asked.compose(upstream::send))
                .compose(answer -> Upstream.body(answer, route.provider(), vertx)
                        .map(body -> {
                            response.setStatusCode(answer.statusCode());
                            Headers.toClient(answer.headers(), response.headers());
                            return body;
                        }))
                .onSuccess(response::end)
                .onFailure(failure -> Refusals.send(
                        response, route.provider().api().errors(), Upstream.problem(route.provider(), failure)));
    }
}
