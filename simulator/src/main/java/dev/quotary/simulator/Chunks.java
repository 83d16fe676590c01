package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.ChatRequest.StreamOptions;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The events of a streamed answer: one that opens each choice, one per token with the choices taking turns, one that closes
 * each choice, then usage and the end mark. Each is made when it is taken: a long answer is never in memory as a whole.
 */
final class Chunks {
    private static final Buffer DONE = Buffer.buffer("data: [DONE]\n\n");

    /** Stretches short tokens, so that an event's length does not tell its text. */
    private static final String FILLER = "k3Jd0aqZk100vbX7";

    private final Answer answer;
    private final boolean usage;
    private final boolean totals;
    private final boolean obfuscation;
    private final int choices;
    private final int tokens;

    Chunks(Answer answer, StreamOptions options) {
        this.answer = answer;
        usage = options.usage() && answer.usage().reported();
        totals = usage && options.totals();
        obfuscation = options.obfuscation();
        choices = answer.text().choices().size();
        tokens = choices * answer.text().tokens();
    }

    /** Every event up to the end mark. */
    Iterator<Buffer> complete() {
        var closings = IntStream.range(0, choices).mapToObj(this::closing);
        var last = usage ? Stream.of(counts(), DONE) : Stream.of(DONE);
        return Stream.concat(Stream.concat(begun(tokens), closings), last).iterator();
    }

    /** The events up to the given number of chunks with text, as if the provider died then. */
    Iterator<Buffer> cutAfter(int contentChunks) {
        return begun(contentChunks).iterator();
    }

    /** Like {@link #cutAfter}, but the provider says what happened. */
    Iterator<Buffer> errorAfter(int contentChunks) {
        var error = event(ProviderError.midStream().json());
        return Stream.concat(begun(contentChunks), Stream.of(error)).iterator();
    }

    private Stream<Buffer> begun(int contentChunks) {
        var openings = IntStream.range(0, choices).mapToObj(this::opening);
        var contents = IntStream.range(0, Math.min(tokens, contentChunks)).mapToObj(this::content);
        return Stream.concat(openings, contents);
    }

    private Buffer opening(int choice) {
        var delta = Json.object().put("role", "assistant").put("content", "").putNull("refusal");
        return chunk(choice, 0, delta, Json.object().nullNode());
    }

    private Buffer content(int index) {
        int choice = index % choices;
        var delta =
                Json.object().put("content", answer.text().choices().get(choice).token(index / choices));
        return chunk(choice, index / choices + 1, delta, Json.object().nullNode());
    }

    private Buffer closing(int choice) {
        return chunk(
                choice,
                answer.text().tokens(),
                Json.object(),
                Json.object().textNode(answer.text().finishReason()));
    }

    /** @param written tokens of this choice so far; vLLM's totals are those of the choice at hand */
    private Buffer chunk(int choice, int written, ObjectNode delta, JsonNode finishReason) {
        var json = AnswerJson.chunk(answer);
        var entry = json.putArray("choices").addObject().put("index", choice);
        entry.set("delta", delta);
        entry.putNull("logprobs").set("finish_reason", finishReason);
        if (totals) {
            json.set("usage", AnswerJson.totals(answer.usage().tokens(), written));
        } else if (usage) {
            json.putNull("usage");
        }
        return obfuscated(json, delta.path("content").asText().length());
    }

    private Buffer counts() {
        var json = AnswerJson.chunk(answer);
        json.putArray("choices");
        json.set("usage", AnswerJson.usage(answer));
        return obfuscated(json, FILLER.length());
    }

    private Buffer obfuscated(ObjectNode json, int textLength) {
        if (obfuscation) {
            json.put("obfuscation", FILLER.substring(Math.min(textLength, FILLER.length())));
        }
        return event(json);
    }

    private static Buffer event(JsonNode json) {
        return Buffer.buffer("data: ").appendBuffer(Json.bytes(json)).appendString("\n\n");
    }
}
