package dev.quotary.simulator;

import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Sends each request to its endpoint. */
final class Routes {
    private final KeyCheck keys;
    private final ChatEndpoint chat;
    private final ModelsEndpoint models;
    private final Map<String, CallEndpoint> calls;

    Routes(KeyCheck keys, ChatEndpoint chat, ModelsEndpoint models, InstantSource clock) {
        this.keys = keys;
        this.chat = chat;
        this.models = models;
        this.calls = Map.of(
                "/v1/responses", new CallEndpoint(ResponsesCall::read, clock),
                "/v1/completions", new CallEndpoint(CompletionsCall::read, clock),
                "/v1/embeddings", new CallEndpoint(EmbeddingsCall::read, clock),
                "/v1/images/generations", new CallEndpoint(ImagesCall::made, clock),
                "/v1/images/edits", new CallEndpoint(ImagesCall::edited, clock),
                "/v1/audio/transcriptions", new CallEndpoint(TranscriptionsCall::read, clock),
                "/v1/audio/translations", new CallEndpoint(TranscriptionsCall::read, clock),
                "/v1/audio/speech", new CallEndpoint(SpeechCall::read, clock));
    }

    void handle(Exchange exchange) {
        switch (exchange.path()) {
            case "/v1/chat/completions" -> onlyBy(HttpMethod.POST, exchange, this::chat);
            case "/v1/models" -> onlyBy(HttpMethod.GET, exchange, this::models);
            case String path when calls.containsKey(path) -> onlyBy(HttpMethod.POST, exchange, this::call);
            default -> exchange.refuse(ProviderError.unknownPath(method(exchange), exchange.path()));
        }
    }

    private void chat(Exchange exchange) {
        chat.arrived();
        keys.refusal(exchange.request()).ifPresentOrElse(exchange::refuse, () -> chat.handle(exchange));
    }

    private void call(Exchange exchange) {
        chat.arrived();
        var endpoint = Objects.requireNonNull(calls.get(exchange.path()));
        keys.refusal(exchange.request()).ifPresentOrElse(exchange::refuse, () -> endpoint.handle(exchange));
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
