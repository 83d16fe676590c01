package dev.quotary.simulator;

import dev.quotary.simulator.Directive.Pace;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;

/** Answers calls of {@code POST /v1/chat/completions}, or fails to, as their directives say. */
final class ChatEndpoint {
    private static final int BODY_BYTES_MAX = 16 << 20;

    /** Longer than any client waits, yet a forgotten connection ends. */
    private static final Duration HANG_MAX = Duration.ofHours(1);

    private final InstantSource clock;
    private final AtomicLong requests = new AtomicLong();

    ChatEndpoint(InstantSource clock) {
        this.clock = clock;
    }

    void arrived() {
        requests.incrementAndGet();
    }

    long requests() {
        return requests.get();
    }

    void handle(Exchange exchange) {
        Body.collect(
                exchange.request(),
                BODY_BYTES_MAX,
                body -> exchange.after(Duration.ZERO, () -> answer(exchange, body)),
                () -> exchange.refuse(ProviderError.bodyTooLarge(BODY_BYTES_MAX)));
    }

    private void answer(Exchange exchange, Buffer body) {
        try {
            var request = ChatRequest.of(Json.object(body.getBytes()));
            Grok.dress(exchange, request.model());
            var directive = Directive.of(exchange.request().headers().getAll("x-simulate"), request.prompt());
            if (request.stream().isEmpty()) {
                directive.refuseIfForStreams();
            }
            var answer = Answer.to(request, directive, exchange.stamp(), clock.instant());
            exchange.after(directive.pace().latency(), () -> perform(exchange, request, directive, answer));
        } catch (InvalidRequestException e) {
            exchange.refuse(e.error());
        }
    }

    private static void perform(Exchange exchange, ChatRequest request, Directive directive, Answer answer) {
        var pace = directive.pace();
        var chunks = request.stream().map(options -> new Chunks(answer, options));
        switch (directive.ending()) {
            case Ending.Complete _ ->
                chunks.ifPresentOrElse(
                        all -> stream(exchange, pace, all.complete(), exchange.response()::end),
                        () -> exchange.answer(Json.bytes(AnswerJson.completion(answer)), pace.latency()));
            case Ending.CutAfter cut ->
                stream(exchange, pace, chunks.orElseThrow().cutAfter(cut.chunks()), exchange::cut);
            case Ending.TruncatedAfter truncated ->
                stream(exchange, pace, chunks.orElseThrow().cutAfter(truncated.chunks()), exchange.response()::end);
            case Ending.ErrorAfter failed ->
                stream(exchange, pace, chunks.orElseThrow().errorAfter(failed.chunks()), exchange.response()::end);
            case Ending.Refused refused -> exchange.refuse(ProviderError.simulated(refused.status()), pace.latency());
            case Ending.Hanging _ -> exchange.after(HANG_MAX, exchange::cut);
        }
    }

    private static void stream(Exchange exchange, Pace pace, Iterator<Buffer> events, Runnable afterwards) {
        var out = exchange.head(200, "text/event-stream; charset=utf-8", pace.latency())
                .setChunked(true);
        new EventStream(out, pace.chunkDelay(), exchange::later).send(events, afterwards);
    }
}
