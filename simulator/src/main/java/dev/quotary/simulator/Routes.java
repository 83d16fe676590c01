package dev.quotary.simulator;

import io.vertx.core.http.HttpMethod;
import java.util.function.Consumer;

/** Sends each request to its endpoint. */
final class Routes {
    private final KeyCheck keys;
    private final ChatEndpoint chat;
    private final ModelsEndpoint models;

    Routes(KeyCheck keys, ChatEndpoint chat, ModelsEndpoint models) {
        this.keys = keys;
        this.chat = chat;
        this.models = models;
    }

    void handle(Exchange exchange) {
        switch (exchange.path()) {
            case "/v1/chat/completions" -> onlyBy(HttpMethod.POST, exchange, this::chat);
            case "/v1/models" -> onlyBy(HttpMethod.GET, exchange, this::models);
            default -> exchange.refuse(ProviderError.unknownPath(method(exchange), exchange.path()));
        }
    }

    private void chat(Exchange exchange) {
        chat.arrived();
        keys.refusal(exchange.request()).ifPresentOrElse(exchange::refuse, () -> chat.handle(exchange));
    }

    private void models(Exchange exchange) {
        keys.refusal(exchange.request()).ifPresentOrElse(exchange::refuse, () -> models.handle(exchange));
    }

    private static void onlyBy(HttpMethod allowed, Exchange exchange, Consumer<Exchange> endpoint) {
        if (exchange.request().method().equals(allowed)) {
            endpoint.accept(exchange);
        } else {
            exchange.response().putHeader("allow", allowed.name());
            exchange.refuse(ProviderError.wrongMethod(method(exchange), exchange.path()));
        }
    }

    private static String method(Exchange exchange) {
        return exchange.request().method().name();
    }
}
