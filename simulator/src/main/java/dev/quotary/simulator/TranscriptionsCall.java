package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.ChatRequest.Bounds;
import dev.quotary.simulator.Stamps.Stamp;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * {@code POST /v1/audio/transcriptions} and {@code /v1/audio/translations}: a text that nobody spoke. The directive stands in the field
 * {@code prompt}.
 */
record TranscriptionsCall(ChatRequest chat, boolean streamed, boolean verbose) implements Call {
    private static final int SECONDS_DEFAULT = 10;
    private static final int TOKENS_PER_SECOND = 10;

    static Call read(Buffer body) {
        var json = FormText.object(body);
        var model = Fields.text(json, "model").orElseThrow(() -> Fields.missing("model"));
        if (!json.has("file")) {
            throw Fields.missing("file");
        }
        var prompt = new Prompt(List.of(Fields.text(json, "prompt").orElse("")));
        boolean stream = Fields.flag(json, "stream", false) && !model.startsWith("whisper");
        boolean verbose = Fields.text(json, "response_format").orElse("json").equals("verbose_json");
        var bounds = new Bounds(OptionalInt.empty(), 1);
        return new TranscriptionsCall(
                new ChatRequest(model, prompt, bounds, "default", Optional.empty()), stream, verbose);
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
        int seconds = directive.extras().seconds().orElse(SECONDS_DEFAULT);
        var answer = Answer.to(chat, directive, stamp, now);
        var prose = answer.text().choices().getFirst();
        var whole = Json.object();
        if (verbose) {
            whole.put("task", "transcribe").put("language", "english").put("duration", seconds);
        }
        whole.put("text", prose.text(answer.text().tokens()));
        if (verbose) {
            whole.putArray("segments");
        }
        if (directive.served().usage()) {
            whole.set("usage", usage(directive, answer, seconds));
        }
        if (!streamed) {
            return Events.whole(whole);
        }
        var done = Json.object().put("type", "transcript.text.done");
        done.setAll(whole);
        return new Events(
                whole,
                Stream.of(),
                Math.max(1, answer.text().tokens()),
                index -> Json.object().put("type", "transcript.text.delta").put("delta", prose.token(index)),
                Stream.of(done),
                _ -> ProviderError.midStream().json());
    }

    private ObjectNode usage(Directive directive, Answer answer, int seconds) {
        if (chat.model().startsWith("whisper")) {
            return Json.object().put("type", "duration").put("seconds", seconds);
        }
        int audio = seconds * TOKENS_PER_SECOND;
        int input = directive.counts().input().orElse(audio);
        int output = answer.usage().tokens().completion();
        var json = Json.object().put("type", "tokens").put("input_tokens", input);
        json.putObject("input_token_details")
                .put("text_tokens", input - Math.min(audio, input))
                .put("audio_tokens", Math.min(audio, input));
        return json.put("output_tokens", output).put("total_tokens", input + output);
    }
}
