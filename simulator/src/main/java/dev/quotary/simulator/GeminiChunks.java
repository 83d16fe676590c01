package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The chunks of a streamed answer: one per token, with the candidates taking turns, then one that ends each candidate; all with the running
 * totals. In either form, and each made when it is taken: a long answer is never in memory as a whole.
 */
final class GeminiChunks {
    private final GeminiAnswer answer;
    private final boolean array;
    private final int candidates;
    private final int tokens;

    /** @param array whether the stream is one array, in place of events */
    GeminiChunks(GeminiAnswer answer, boolean array) {
        this.answer = answer;
        this.array = array;
        candidates = answer.candidates().size();
        tokens = candidates * answer.tokens().visible();
    }

    /** Every chunk, and the end. */
    Iterator<Buffer> complete() {
        if (answer.usage().blocked()) {
            return formed(Stream.of(GeminiJson.whole(answer)), true);
        }
        var endings = IntStream.range(0, candidates)
                .<JsonNode>mapToObj(candidate -> GeminiJson.last(answer, candidate, tokens));
        return formed(Stream.concat(begun(tokens), endings), true);
    }

    /** The chunks up to the given number, as if the provider died then. */
    Iterator<Buffer> cutAfter(int chunks) {
        return formed(begun(chunks), false);
    }

    /** Like {@link #cutAfter}, but the provider says what happened. */
    Iterator<Buffer> errorAfter(int chunks) {
        return formed(Stream.concat(begun(chunks), Stream.of(GeminiStyle.midStream())), true);
    }

    private Stream<JsonNode> begun(int chunks) {
        return IntStream.range(0, Math.min(tokens, chunks)).mapToObj(index -> {
            int candidate = index % candidates;
            var text = answer.candidates().get(candidate).token(index / candidates);
            return GeminiJson.chunk(answer, candidate, text, index + 1);
        });
    }

    private Iterator<Buffer> formed(Stream<JsonNode> chunks, boolean closed) {
        if (!array) {
            return chunks.map(GeminiChunks::event).iterator();
        }
        var first = new boolean[] {true};
        var elements = chunks.map(chunk -> {
            var before = first[0] ? "[" : ",\r\n";
            first[0] = false;
            return Buffer.buffer(before).appendBuffer(Json.bytes(chunk));
        });
        return Stream.concat(elements, closed ? Stream.of(Buffer.buffer("\n]\n")) : Stream.empty())
                .iterator();
    }

    private static Buffer event(JsonNode json) {
        return Buffer.buffer("data: ").appendBuffer(Json.bytes(json)).appendString("\r\n\r\n");
    }
}
