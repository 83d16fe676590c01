package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.Stamps.Stamp;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The events of a streamed message: its beginning, a block of thinking if there was any, a block of text with one event per token, its
 * end with the totals. Each is made when it is taken: a long answer is never in memory as a whole.
 */
final class MessageEvents {
    private final Message message;
    private final boolean pings;

    /** @param pings whether a ping follows every piece of text */
    MessageEvents(Message message, boolean pings) {
        this.message = message;
        this.pings = pings;
    }

    /** Every event up to the last. */
    Iterator<Buffer> complete() {
        int tokens = message.tokens().visible();
        var closing = tokens > 0 ? Stream.of(stop(textIndex())) : Stream.<Buffer>empty();
        var last = Stream.of(delta(), event("message_stop", Json.object()));
        return Stream.concat(begun(tokens), Stream.concat(closing, last)).iterator();
    }

    /** The events up to the given number of pieces of text, as if the provider died then. */
    Iterator<Buffer> cutAfter(int pieces) {
        return begun(pieces).iterator();
    }

    /** Like {@link #cutAfter}, but the provider says what happened. */
    Iterator<Buffer> errorAfter(int pieces, Stamp stamp) {
        var error = event("error", AnthropicStyle.midStream(stamp));
        return Stream.concat(begun(pieces), Stream.of(error)).iterator();
    }

    private Stream<Buffer> begun(int pieces) {
        var start = Json.object();
        start.set("message", MessageJson.begun(message));
        var opening = Stream.concat(Stream.of(event("message_start", start), event("ping", Json.object())), thinking());
        int tokens = Math.min(message.tokens().visible(), pieces);
        var text = message.tokens().visible() > 0
                ? Stream.of(open(textIndex(), MessageJson.text("")))
                : Stream.<Buffer>empty();
        return Stream.concat(
                Stream.concat(opening, text), IntStream.range(0, tokens).boxed().flatMap(this::piece));
    }

    private Stream<Buffer> thinking() {
        if (message.tokens().reasoning() == 0) {
            return Stream.empty();
        }
        var block = Json.object().put("type", "thinking").put("thinking", "").put("signature", "");
        var signature = Json.object().put("type", "signature_delta").put("signature", MessageJson.SIGNATURE);
        return Stream.of(open(0, block), change(0, signature), stop(0));
    }

    private int textIndex() {
        return message.tokens().reasoning() == 0 ? 0 : 1;
    }

    private Stream<Buffer> piece(int token) {
        var delta = Json.object()
                .put("type", "text_delta")
                .put("text", message.prose().token(token));
        var text = change(textIndex(), delta);
        return pings ? Stream.of(text, event("ping", Json.object())) : Stream.of(text);
    }

    private static Buffer open(int index, ObjectNode block) {
        return event("content_block_start", Json.object().put("index", index).set("content_block", block));
    }

    private static Buffer change(int index, ObjectNode delta) {
        return event("content_block_delta", Json.object().put("index", index).set("delta", delta));
    }

    private static Buffer stop(int index) {
        return event("content_block_stop", Json.object().put("index", index));
    }

    private Buffer delta() {
        var json = Json.object();
        json.putObject("delta").put("stop_reason", message.stopReason()).putNull("stop_sequence");
        if (message.usage().reported()) {
            json.set("usage", MessageJson.totals(message));
        }
        return event("message_delta", json);
    }

    /** An event whose data begin with its name, as they all do. */
    private static Buffer event(String name, JsonNode members) {
        var json = Json.object().put("type", name);
        json.setAll((ObjectNode) members);
        return Buffer.buffer("event: " + name + "\ndata: ")
                .appendBuffer(Json.bytes(json))
                .appendString("\n\n");
    }
}
