package dev.quotary.simulator;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;

/** Answers calls of Gemini's methods, or fails to, as their directives say. */
final class GeminiEndpoint {
    private static final int BODY_BYTES_MAX = 16 << 20;
    /** Longer than any client waits, yet a forgotten connection ends. */
    private static final Duration HANG_MAX = Duration.ofHours(1);

    private final AtomicLong requests = new AtomicLong();

    void arrived(GeminiCall call) {
        if (call.billed()) {
            requests.incrementAndGet();
        }
    }

    /** How many calls have come that a provider would bill. */
    long requests() {
        return requests.get();
    }

    void handle(Exchange exchange, GeminiCall call) {
        Body.collect(
                exchange.request(),
                BODY_BYTES_MAX,
                body -> exchange.after(Duration.ZERO, () -> {
                    try {
                        answer(exchange, call, body);
                    } catch (InvalidRequestException e) {
                        exchange.refuse(e.error());
                    }
                }),
                () -> exchange.refuse(ProviderError.bodyTooLarge(BODY_BYTES_MAX)));
    }

    private static void answer(Exchange exchange, GeminiCall call, Buffer body) {
        var json = Json.object(body.getBytes());
        switch (call.method()) {
            case GENERATE, STREAM -> content(exchange, call, GeminiRequest.of(call.model(), json));
            case EMBED, BATCH_EMBED -> embeddings(exchange, call, GeminiRequest.embedded(json));
            case COUNT -> {
                var prompt = GeminiRequest.prompt(json);
                exchange.answer(Json.bytes(GeminiJson.count(prompt.estimatedTokens())), Duration.ZERO);
            }
        }
    }

    private static void content(Exchange exchange, GeminiCall call, GeminiRequest request) {
        var directive = directive(exchange, request.prompt());
        if (!call.streamed()) {
            directive.refuseIfForStreams();
        }
        var answer = GeminiAnswer.to(request, directive, exchange.stamp());
        exchange.after(directive.pace().latency(), () -> perform(exchange, call, directive, answer));
    }

    private static Directive directive(Exchange exchange, Prompt prompt) {
        return Directive.of(exchange.request().headers().getAll("x-simulate"), prompt);
    }

    private static void perform(Exchange exchange, GeminiCall call, Directive directive, GeminiAnswer answer) {
        var latency = directive.pace().latency();
        var chunks = new GeminiChunks(answer, call.array());
        switch (directive.ending()) {
            case Ending.Complete _ -> {
                if (call.streamed()) {
                    stream(exchange, call, directive, chunks.complete(), exchange.response()::end);
                } else {
                    exchange.answer(Json.bytes(GeminiJson.whole(answer)), latency);
                }
            }
            case Ending.CutAfter cut -> stream(exchange, call, directive, chunks.cutAfter(cut.chunks()), exchange::cut);
            case Ending.TruncatedAfter truncated ->
                stream(exchange, call, directive, chunks.cutAfter(truncated.chunks()), exchange.response()::end);
            case Ending.ErrorAfter failed ->
                stream(exchange, call, directive, chunks.errorAfter(failed.chunks()), exchange.response()::end);
            case Ending.Refused refused -> exchange.refuse(ProviderError.simulated(refused.status()), latency);
            case Ending.Hanging _ -> exchange.after(HANG_MAX, exchange::cut);
        }
    }

    private static void stream(
            Exchange exchange, GeminiCall call, Directive directive, Iterator<Buffer> chunks, Runnable afterwards) {
        var pace = directive.pace();
        var type = call.array() ? "application/json; charset=UTF-8" : "text/event-stream";
        var out = exchange.head(200, type, pace.latency()).setChunked(true);
        new EventStream(out, pace.chunkDelay(), exchange::later).send(chunks, afterwards);
    }

    private static void embeddings(Exchange exchange, GeminiCall call, Prompt prompt) {
        var directive = directive(exchange, prompt);
        directive.refuseIfForStreams();
        var latency = directive.pace().latency();
        int tokens = directive.counts().input().orElseGet(prompt::estimatedTokens);
        var json = call.method() == GeminiCall.Method.EMBED
                ? GeminiJson.embedding(tokens, directive.served().usage())
                : GeminiJson.embeddings(prompt.messages().size());
        exchange.after(latency, () -> {
            switch (directive.ending()) {
                case Ending.Refused refused -> exchange.refuse(ProviderError.simulated(refused.status()), latency);
                case Ending.Hanging _ -> exchange.after(HANG_MAX, exchange::cut);
                case Ending.Complete _, Ending.CutAfter _, Ending.TruncatedAfter _, Ending.ErrorAfter _ ->
                    exchange.answer(Json.bytes(json), latency);
            }
        });
    }
}
