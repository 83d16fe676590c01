package dev.quotary.gateway;

import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** Forwards a question that costs nothing, such as the list of models. */
final class FreeExchange {
    private FreeExchange() {}

    static void forward(Vertx vertx, HttpClientAgent client, HttpServerRequest request, Routes.Route.Free route) {
        if (!request.method().equals(HttpMethod.GET)) {
            throw new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "Use GET for " + route.path() + ".");
        }
        var response = request.response();
        Upstream.open(client, request, route.provider(), route.path())
                .compose(upstream -> upstream.send())
                .compose(answer -> Upstream.body(answer, route.provider(), vertx)
                        .map(body -> {
                            response.setStatusCode(answer.statusCode());
                            Headers.toClient(answer.headers(), response.headers());
                            return body;
                        }))
                .onSuccess(response::end)
                .onFailure(failure -> Refusals.send(
                        response, route.provider().chat().errors(), Upstream.problem(route.provider(), failure)));
    }
}
