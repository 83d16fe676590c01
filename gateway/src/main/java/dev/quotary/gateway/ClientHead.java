package dev.quotary.gateway;

import dev.quotary.provider.RequestHead;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Optional;

/** The head of a client's request, with the path as its provider knows it. */
record ClientHead(String method, String target, HttpServerRequest request) implements RequestHead {
    static ClientHead of(HttpServerRequest request, Routes.Route route) {
        var path = route.path();
        var query = route.provider().policy().clientKeys()
                ? Objects.requireNonNullElse(request.query(), "")
                : Queries.withoutKey(request.query());
        return new ClientHead(request.method().name(), query.isEmpty() ? path : path + "?" + query, request);
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }
}
