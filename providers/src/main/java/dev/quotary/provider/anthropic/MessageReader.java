package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;

import com.fasterxml.jackson.core.JsonParser;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.anthropic.Counts.Count;
import dev.quotary.provider.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one message: a whole answer, the beginning or the end of a streamed one, or the result of one call of a batch. */
final class MessageReader {
    private final JsonParser parser;
    private Optional<String> model = Optional.empty();
    private Optional<String> stopReason = Optional.empty();
    private @Nullable UsageFields usage;
    private boolean usageRepeated;
    private boolean message;

    private MessageReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * What an event tells.
     *
     * @param usage null if it tells none
     */
    record Told(
            Optional<String> model,
            Optional<String> stopReason,
            @Nullable UsageFields usage,
            boolean usageRepeated) {}

    static AnswerFacts answer(Json json, byte[] body) {
        try (JsonParser parser = json.parser(body, 0, body.length)) {
            var reader = new MessageReader(parser);
            boolean whole = parser.nextToken() == START_OBJECT;
            if (whole) {
                reader.message();
            }
            return whole && parser.nextToken() == null
                    ? reader.facts()
                    : reader.facts(new Broken("the answer is not one JSON object"));
        } catch (IOException e) {
            return new AnswerFacts(new Broken("the answer is not complete, valid JSON"), Served.UNNAMED, List.of());
        }
    }

    /** As {@link #answer}, also out of {@code {"custom_id", "result": {"message"}}}; empty if it is neither. */
    static Optional<AnswerFacts> reported(Json json, byte[] body) {
        var members = json.members(body);
        if (members.contains("content") && members.contains("stop_reason")) {
            return Optional.of(answer(json, body));
        }
        if (!members.contains("custom_id") || !members.contains("result")) {
            return Optional.empty();
        }
        try (JsonParser parser = json.parser(body, 0, body.length)) {
            var reader = new MessageReader(parser);
            parser.nextToken();
            reader.within("result", () -> reader.within("message", reader::message));
            return reader.message && parser.nextToken() == null ? Optional.of(reader.facts()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads the event {@code message_start}, whose message is within it, or {@code message_delta}, whose usage is beside the rest. */
    static Told event(Json json, byte[] bytes, int from, int to) throws IOException {
        try (JsonParser parser = json.parser(bytes, from, to)) {
            var reader = new MessageReader(parser);
            if (parser.nextToken() == START_OBJECT) {
                reader.event();
            }
            if (parser.nextToken() != null) {
                throw new IOException("an event is one JSON object");
            }
            return new Told(reader.model, reader.stopReason, reader.usage, reader.usageRepeated);
        }
    }

    private void event() throws IOException {
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            boolean object = parser.nextToken() == START_OBJECT;
            switch (name) {
                case "message", "delta" -> {
                    if (object) {
                        message();
                    } else {
                        parser.skipChildren();
                    }
                }
                case "usage" -> usage();
                default -> parser.skipChildren();
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Takes the step at the start of an object that is a member of the object at hand; everything else is passed. */
    private void within(String name, Step step) throws IOException {
        while (parser.nextToken() == FIELD_NAME) {
            boolean named = parser.currentName().equals(name);
            if (parser.nextToken() == START_OBJECT && named) {
                step.run();
            } else {
                parser.skipChildren();
            }
        }
    }

    private void message() throws IOException {
        message = true;
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "model" -> model = Words.word(parser).or(() -> model);
                case "stop_reason" -> stopReason = Words.word(parser).or(() -> stopReason);
                case "usage" -> usage();
                default -> parser.skipChildren();
            }
        }
    }

    private void usage() throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return;
        }
        usageRepeated |= usage != null;
        usage = UsageFields.read(parser);
    }

    private AnswerFacts facts() {
        return facts(reading());
    }

    private AnswerFacts facts(UsageReading reading) {
        Served served = usage == null ? ServedAs.unknown(model) : usage.served(model);
        return new AnswerFacts(reading, served, stopReason.stream().toList());
    }

    private UsageReading reading() {
        if (usage == null) {
            return new Missing();
        }
        if (usageRepeated) {
            return new Broken("usage occurs more than once");
        }
        if (!usage.has(Count.OUTPUT)) {
            return new Broken("usage without output_tokens");
        }
        return switch (usage.reading(model)) {
            case UsageFields.Reading.Sound(var division) ->
                new Reported(division.tokens(), Optional.empty(), division.parts());
            case UsageFields.Reading.Broken(var reason) -> new Broken(reason);
        };
    }
}
