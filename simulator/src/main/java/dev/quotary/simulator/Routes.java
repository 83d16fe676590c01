package dev.quotary.simulator;

import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Sends each request to its endpoint. */
final class Routes {
    private static final Style ANTHROPIC = new AnthropicStyle();
    private static final Style GEMINI = new GeminiStyle(false);

    private final KeyCheck keys;
    private final ChatEndpoint chat;
    private final MessagesEndpoint messages;
    private final GeminiEndpoint gemini;
    private final ModelsEndpoint models = new ModelsEndpoint();
    private final Map<String, CallEndpoint> calls;

    Routes(KeyCheck keys, ChatEndpoint chat, MessagesEndpoint messages, GeminiEndpoint gemini, InstantSource clock) {
        this.keys = keys;
        this.chat = chat;
        this.messages = messages;
        this.gemini = gemini;
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
            case "/v1/messages" -> onlyBy(HttpMethod.POST, exchange.as(ANTHROPIC), this::messages);
            case "/v1/messages/count_tokens" -> onlyBy(HttpMethod.POST, exchange.as(ANTHROPIC), this::count);
            case "/v1/models" -> onlyBy(HttpMethod.GET, exchange, this::models);
            case String path when calls.containsKey(path) -> onlyBy(HttpMethod.POST, exchange, this::call);
            case "/v1beta/models", "/v1alpha/models" ->
                onlyBy(HttpMethod.GET, exchange.as(GEMINI), found -> gemini(found, () -> models.gemini(found)));
            default ->
                GeminiCall.of(exchange.request())
                        .ifPresentOrElse(
                                call -> onlyBy(
                                        HttpMethod.POST, exchange.as(call.style()), found -> gemini(found, call)),
                                () -> exchange.refuse(ProviderError.unknownPath(method(exchange), exchange.path())));
        }
    }

    private void gemini(Exchange exchange, GeminiCall call) {
        gemini.arrived(call);
        gemini(exchange, () -> gemini.handle(exchange, call));
    }

    private void gemini(Exchange exchange, Runnable answer) {
        keys.geminiRefusal(exchange.request()).ifPresentOrElse(exchange::refuse, answer);
    }

    private void chat(Exchange exchange) {
        chat.arrived();
        keys.refusal(exchange.request()).ifPresentOrElse(exchange::refuse, () -> chat.handle(exchange));
    }

    private void messages(Exchange exchange) {
        messages.arrived();
        anthropic(exchange, () -> messages.handle(exchange));
    }

    private void count(Exchange exchange) {
        anthropic(exchange, () -> messages.count(exchange));
    }

    private void call(Exchange exchange) {
        chat.arrived();
        var endpoint = Objects.requireNonNull(calls.get(exchange.path()));
        keys.refusal(exchange.request()).ifPresentOrElse(exchange::refuse, () -> endpoint.handle(exchange));
    }

    /** Two providers have a list under this path; a header tells whose clients ask. */
    /** Three providers have a list under this path; a header tells whose clients ask. */
    private void models(Exchange exchange) {
        if (exchange.request().getHeader("x-goog-api-key") != null) {
            gemini(exchange.as(GEMINI), () -> models.gemini(exchange));
            return;
        }
        if (exchange.request().getHeader("anthropic-version") != null) {
            anthropic(exchange.as(ANTHROPIC), () -> models.anthropic(exchange));
        } else {
            keys.refusal(exchange.request()).ifPresentOrElse(exchange::refuse, () -> models.handle(exchange));
        }
    }

    private void anthropic(Exchange exchange, Runnable answer) {
        keys.anthropicRefusal(exchange.request()).ifPresentOrElse(exchange::refuse, answer);
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
