package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.ChatRequest.Bounds;
import dev.quotary.simulator.ChatRequest.StreamOptions;
import dev.quotary.simulator.Stamps.Stamp;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code POST /v1/completions}, the older form of chats. */
record CompletionsCall(ChatRequest chat) implements Call {
    private static final int TOKENS_DEFAULT = 16;

    static Call read(Buffer body) {
        var json = Json.object(body.getBytes());
        var max = Fields.number(json, "max_tokens", 1, Integer.MAX_VALUE);
        var bounds = new Bounds(
                OptionalInt.of(max.orElse(TOKENS_DEFAULT)),
                Fields.number(json, "n", 1, ChatRequest.CHOICES_MAX).orElse(1));
        var model = Fields.text(json, "model").orElseThrow(() -> Fields.missing("model"));
        return new CompletionsCall(new ChatRequest(
                model, new Prompt(texts(json)), bounds, ChatRequest.tier(json), ChatRequest.stream(json)));
    }

    /** The first text of a prompt; tokens are taken and say nothing. */
    private static List<String> texts(ObjectNode json) {
        var prompt = json.path("prompt");
        if (prompt.isMissingNode() || prompt.isNull()) {
            throw Fields.missing("prompt");
        }
        var texts = new ArrayList<String>();
        if (prompt.isTextual()) {
            texts.add(prompt.textValue());
        } else {
            prompt.forEach(each -> texts.add(each.asText("")));
        }
        return texts;
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
    public boolean streamed() {
        return chat.stream().isPresent();
    }

    @Override
    public Reply reply(Directive directive, Stamp stamp, Instant now) {
        return new Completion(Answer.to(chat, directive, stamp, now), chat.stream());
    }

    private record Completion(Answer answer, Optional<StreamOptions> stream) implements Reply {
        @Override
        public String contentType() {
            return stream.isPresent() ? "text/event-stream; charset=utf-8" : "application/json";
        }

        private boolean usage() {
            return stream.map(StreamOptions::usage).orElse(true)
                    && answer.usage().reported();
        }

        private ObjectNode object() {
            return Json.object()
                    .put("id", answer.identity().id().replace("chatcmpl-", "cmpl-"))
                    .put("object", "text_completion")
                    .put("created", answer.identity().createdSeconds())
                    .put("model", answer.model());
        }

        @Override
        public Buffer whole() {
            var json = object();
            var choices = json.putArray("choices");
            for (var prose : answer.text().choices()) {
                choices.addObject()
                        .put("text", prose.text(answer.text().tokens()))
                        .put("index", choices.size() - 1)
                        .putNull("logprobs")
                        .put("finish_reason", answer.text().finishReason());
            }
            if (usage()) {
                json.set("usage", AnswerJson.usage(answer.usage().tokens()));
            }
            return Json.bytes(json);
        }

        private Stream<Buffer> begun(int pieces) {
            int choices = answer.text().choices().size();
            int tokens = choices * answer.text().tokens();
            return IntStream.range(0, Math.min(pieces, tokens)).mapToObj(index -> {
                var prose = answer.text().choices().get(index % choices);
                boolean last = index / choices == answer.text().tokens() - 1;
                return chunk(index % choices, prose.token(index / choices), last);
            });
        }

        private Buffer chunk(int choice, String text, boolean last) {
            var json = object();
            json.putArray("choices")
                    .addObject()
                    .put("text", text)
                    .put("index", choice)
                    .putNull("logprobs")
                    .put("finish_reason", last ? answer.text().finishReason() : null);
            if (usage()) {
                json.putNull("usage");
            }
            return event(json);
        }

        @Override
        public Iterator<Buffer> complete() {
            var counts = object();
            counts.putArray("choices");
            counts.set("usage", AnswerJson.usage(answer.usage().tokens()));
            var done = Buffer.buffer("data: [DONE]\n\n");
            return Stream.concat(begun(Integer.MAX_VALUE), usage() ? Stream.of(event(counts), done) : Stream.of(done))
                    .iterator();
        }

        @Override
        public Iterator<Buffer> cutAfter(int pieces) {
            return begun(pieces).iterator();
        }

        @Override
        public Iterator<Buffer> errorAfter(int pieces) {
            return Stream.concat(
                            begun(pieces),
                            Stream.of(event(ProviderError.midStream().json())))
                    .iterator();
        }

        private static Buffer event(ObjectNode json) {
            return Buffer.buffer("data: ").appendBuffer(Json.bytes(json)).appendString("\n\n");
        }
    }
}
