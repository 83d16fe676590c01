package dev.quotary.simulator;

import dev.quotary.simulator.Call.Reply;
import dev.quotary.simulator.Directive.Pace;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;

/** Answers calls of one kind, or fails to, as their directives say. */
final class CallEndpoint {
    private static final int BODY_BYTES_MAX = 16 << 20;

    /** Longer than any client waits, yet a forgotten connection ends. */
    private static final Duration HANG_MAX = Duration.ofHours(1);

    private final Call.Reader reader;
    private final InstantSource clock;

    CallEndpoint(Call.Reader reader, InstantSource clock) {
        this.reader = reader;
        this.clock = clock;
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
            var call = reader.read(body);
            Grok.dress(exchange, call.model());
            var directive = Directive.of(exchange.request().headers().getAll("x-simulate"), call.prompt());
            if (!call.streamed()) {
                directive.refuseIfForStreams();
            }
            var reply = call.reply(directive, exchange.stamp(), clock.instant());
            exchange.after(directive.pace().latency(), () -> perform(exchange, call.streamed(), directive, reply));
        } catch (InvalidRequestException e) {
            exchange.refuse(e.error());
        }
    }

    private static void perform(Exchange exchange, boolean streamed, Directive directive, Reply reply) {
        var pace = directive.pace();
        switch (directive.ending()) {
            case Ending.Complete _
            when !streamed ->
                exchange.head(200, reply.contentType(), pace.latency()).end(reply.whole());
            case Ending.Complete _ -> stream(exchange, pace, reply, reply.complete(), exchange.response()::end);
            case Ending.CutAfter cut -> stream(exchange, pace, reply, reply.cutAfter(cut.chunks()), exchange::cut);
            case Ending.TruncatedAfter truncated ->
                stream(exchange, pace, reply, reply.cutAfter(truncated.chunks()), exchange.response()::end);
            case Ending.ErrorAfter failed ->
                stream(exchange, pace, reply, reply.errorAfter(failed.chunks()), exchange.response()::end);
            case Ending.Refused refused -> exchange.refuse(ProviderError.simulated(refused.status()), pace.latency());
            case Ending.Hanging _ -> exchange.after(HANG_MAX, exchange::cut);
        }
    }

    private static void stream(
            Exchange exchange, Pace pace, Reply reply, Iterator<Buffer> pieces, Runnable afterwards) {
        var out = exchange.head(200, reply.contentType(), pace.latency()).setChunked(true);
        new EventStream(out, pace.chunkDelay(), exchange::later).send(pieces, afterwards);
    }
}
