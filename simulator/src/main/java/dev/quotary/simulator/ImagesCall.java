package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.Stamps.Stamp;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** {@code POST /v1/images/generations} and {@code /v1/images/edits}: pictures of one pixel, and the usage that was asked for. */
record ImagesCall(String model, Prompt prompt, int images, int partial, boolean streamed, String event)
        implements Call {
    private static final int IMAGES_MAX = 10;
    private static final int PARTIAL_MAX = 3;

    /** A square of medium quality. */
    private static final int TOKENS_PER_IMAGE = 1_056;

    /** A transparent pixel as PNG. */
    private static final String PICTURE =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    static Call made(Buffer body) {
        return of(Json.object(body.getBytes()), "image_generation");
    }

    /** As JSON, or as a form. */
    static Call edited(Buffer body) {
        var json = body.length() > 0 && body.getByte(0) == '-' ? FormText.object(body) : Json.object(body.getBytes());
        return of(json, "image_edit");
    }

    private static Call of(ObjectNode json, String event) {
        boolean streamed = Fields.flag(json, "stream", false);
        var text = Fields.text(json, "prompt").orElseThrow(() -> Fields.missing("prompt"));
        return new ImagesCall(
                Fields.text(json, "model").orElse("dall-e-2"),
                new Prompt(List.of(text)),
                Fields.number(json, "n", 1, IMAGES_MAX).orElse(1),
                streamed ? Fields.number(json, "partial_images", 0, PARTIAL_MAX).orElse(0) : 0,
                streamed,
                event);
    }

    @Override
    public Events reply(Directive directive, Stamp stamp, Instant now) {
        var whole = Json.object().put("created", now.getEpochSecond());
        var data = whole.putArray("data");
        for (int i = 0; i < images; i++) {
            data.addObject().put("b64_json", PICTURE);
        }
        boolean tokens = !model.startsWith("dall-e") && directive.served().usage();
        if (tokens) {
            whole.set("usage", usage(directive));
        }
        if (!streamed) {
            return Events.whole(whole);
        }
        var last = picture(event + ".completed");
        if (tokens) {
            last.set("usage", usage(directive));
        }
        return new Events(
                whole,
                Stream.of(),
                Math.max(1, partial),
                index -> picture(event + ".partial_image").put("partial_image_index", index),
                Stream.of(last),
                _ -> ProviderError.midStream().json().put("type", "error"));
    }

    private static ObjectNode picture(String type) {
        return Json.object().put("type", type).put("b64_json", PICTURE);
    }

    private ObjectNode usage(Directive directive) {
        int pictures = directive.extras().imageInput().orElse(0);
        int input = directive.counts().input().orElseGet(prompt::estimatedTokens);
        int output = directive.counts().output().orElse(TOKENS_PER_IMAGE * images);
        if (pictures > input) {
            throw DirectiveWords.bad("image_input", "expected at most the " + input + " tokens of the input");
        }
        var json = Json.object().put("input_tokens", input);
        json.putObject("input_tokens_details").put("image_tokens", pictures).put("text_tokens", input - pictures);
        json.put("output_tokens", output);
        return json.put("total_tokens", input + output);
    }
}
