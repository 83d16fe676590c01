package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.simulator.Stamps.Stamp;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;

/** {@code POST /v1/embeddings}: three numbers for each text, as numbers or in base64. */
record EmbeddingsCall(String model, Prompt prompt, boolean encoded) implements Call {
    private static final float[] VECTOR = {0.25f, -0.5f, 1f};

    static Call read(Buffer body) {
        var json = Json.object(body.getBytes());
        var model = Fields.text(json, "model").orElseThrow(() -> Fields.missing("model"));
        var input = json.path("input");
        if (input.isMissingNode() || input.isNull()) {
            throw Fields.missing("input");
        }
        var texts = new ArrayList<String>();
        if (input.isTextual() || (input.isArray() && input.path(0).isNumber())) {
            texts.add(input.asText(""));
        } else {
            for (JsonNode each : input) {
                texts.add(each.asText(""));
            }
        }
        boolean base64 = Fields.text(json, "encoding_format").orElse("float").equals("base64");
        return new EmbeddingsCall(model, new Prompt(texts), base64);
    }

    @Override
    public boolean streamed() {
        return false;
    }

    @Override
    public Events reply(Directive directive, Stamp stamp, Instant now) {
        var json = Json.object().put("object", "list");
        var data = json.putArray("data");
        for (int i = 0; i < prompt.messages().size(); i++) {
            var entry = data.addObject().put("object", "embedding").put("index", i);
            if (encoded) {
                entry.put("embedding", base64());
            } else {
                var vector = entry.putArray("embedding");
                for (float number : VECTOR) {
                    vector.add(number);
                }
            }
        }
        json.put("model", directive.served().model().orElse(model));
        int tokens = directive.counts().input().orElseGet(prompt::estimatedTokens);
        if (directive.served().usage()) {
            json.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        }
        return Events.whole(json);
    }

    private static String base64() {
        var bytes = ByteBuffer.allocate(VECTOR.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : VECTOR) {
            bytes.putFloat(number);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
