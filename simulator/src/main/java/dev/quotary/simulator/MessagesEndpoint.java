package dev.quotary.simulator;

import dev.quotary.simulator.Directive.Pace;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;

/** Answers calls of {@code POST /v1/messages}, or fails to, as their directives say; and counts the tokens of prompts. */
final class MessagesEndpoint {
    private static final int BODY_BYTES_MAX = 16 << 20;
    /** Longer than any client waits, yet a forgotten connection ends. */
    private static final Duration HANG_MAX = Duration.ofHours(1);

    private final AtomicLong requests = new AtomicLong();

    void arrived() {
        requests.incrementAndGet();
    }

    long requests() {
        return requests.get();
    }

    void handle(Exchange exchange) {
        collect(exchange, body -> answer(exchange, body));
    }

    /** How many tokens a prompt has; costs nothing. */
    void count(Exchange exchange) {
        collect(exchange, body -> {
            var request = Json.object(body.getBytes());
            MessageRequest.model(request);
            var prompt = MessageRequest.prompt(request);
            exchange.answer(Json.bytes(Json.object().put("input_tokens", prompt.estimatedTokens())), Duration.ZERO);
        });
    }

    private interface Step {
        void take(Buffer body);
    }

    private static void collect(Exchange exchange, Step step) {
        if (exchange.request().getHeader("anthropic-version") == null) {
            exchange.refuse(ProviderError.invalid(
                    "anthropic-version", "missing_header", "anthropic-version: header is required"));
            return;
        }
        Body.collect(
                exchange.request(),
                BODY_BYTES_MAX,
                body -> exchange.after(Duration.ZERO, () -> {
                    try {
                        step.take(body);
                    } catch (InvalidRequestException e) {
                        exchange.refuse(e.error());
                    }
                }),
                () -> exchange.refuse(ProviderError.bodyTooLarge(BODY_BYTES_MAX)));
    }

    private static void answer(Exchange exchange, Buffer body) {
        var request = MessageRequest.of(Json.object(body.getBytes()));
        var directive = Directive.of(exchange.request().headers().getAll("x-simulate"), request.prompt());
        if (!request.stream()) {
            directive.refuseIfForStreams();
        }
        var message = Message.to(request, directive, exchange.stamp());
        exchange.after(directive.pace().latency(), () -> perform(exchange, request.stream(), directive, message));
    }

    private static void perform(Exchange exchange, boolean streamed, Directive directive, Message message) {
        var pace = directive.pace();
        var events = new MessageEvents(message, directive.more().pings());
        switch (directive.ending()) {
            case Ending.Complete _ -> {
                if (streamed) {
                    stream(exchange, pace, events.complete(), exchange.response()::end);
                } else {
                    exchange.answer(Json.bytes(MessageJson.whole(message)), pace.latency());
                }
            }
            case Ending.CutAfter cut -> stream(exchange, pace, events.cutAfter(cut.chunks()), exchange::cut);
            case Ending.TruncatedAfter truncated ->
                stream(exchange, pace, events.cutAfter(truncated.chunks()), exchange.response()::end);
            case Ending.ErrorAfter failed ->
                stream(exchange, pace, events.errorAfter(failed.chunks(), exchange.stamp()), exchange.response()::end);
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
