package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.ChatRequest.Bounds;
import dev.quotary.simulator.Stamps.Stamp;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** {@code POST /v1/responses}, plain and streaming. */
record ResponsesCall(ChatRequest chat, boolean streamed) implements Call {
    /** Events before the first token: created, in progress, item added, part added. */
    private static final int OPENING = 4;

    static Call read(Buffer body) {
        var json = Json.object(body.getBytes());
        if (Fields.flag(json, "background", false)) {
            throw Fields.invalid("background", "unsupported_value", "This provider answers at once only");
        }
        var bounds = new Bounds(Fields.number(json, "max_output_tokens", 1, Integer.MAX_VALUE), 1);
        var model = Fields.text(json, "model").orElseThrow(() -> Fields.missing("model"));
        var chat = new ChatRequest(model, new Prompt(texts(json)), bounds, ChatRequest.tier(json), Optional.empty());
        return new ResponsesCall(chat, Fields.flag(json, "stream", false));
    }

    private static List<String> texts(ObjectNode json) {
        var texts = new ArrayList<String>();
        Fields.text(json, "instructions").ifPresent(texts::add);
        var input = json.path("input");
        if (input.isTextual()) {
            texts.add(input.textValue());
        } else if (input.isArray()) {
            input.forEach(item -> texts.add(text(item)));
        } else if (!input.isMissingNode() && !input.isNull()) {
            throw Fields.wrongType("input", "a string or an array of items");
        }
        return texts;
    }

    private static String text(JsonNode item) {
        var content = item.path("content");
        if (content.isTextual()) {
            return content.textValue();
        }
        var text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")).append('\n'));
        return text.toString();
    }

    @Override
    public String model() {
        return chat.model();
    }

    @Override
    public Prompt prompt() {
        return chat.prompt();
    }

    @Override
    public Events reply(Directive directive, Stamp stamp, Instant now) {
        var answer = Answer.to(chat, directive, stamp, now);
        var json = new ResponseJson(answer, directive.extras());
        if (!streamed) {
            return Events.whole(json.ended());
        }
        int tokens = answer.text().tokens();
        var closing = IntStream.range(0, json.closings()).mapToObj(i -> json.closing(i, OPENING + tokens + i));
        return new Events(
                json.ended(),
                IntStream.range(0, OPENING).mapToObj(json::opening),
                Math.max(1, tokens),
                index -> json.delta(index, OPENING + index),
                closing,
                said -> json.failed(OPENING + said));
    }
}
