package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.NameSet;
import dev.quotary.provider.text.NameSlot;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one whole JSON answer, or one chunk of a stream: only the top level counts, and only if the document is complete. */
final class AnswerReader {
    /** Longer names are no names; they are left out. */
    static final int NAME_LENGTH_MAX = NameSlot.LENGTH_MAX;

    static final int FINISH_REASONS_MAX = NameSet.NAMES_MAX;

    private final JsonParser parser;
    private final Set<String> finishReasons = new LinkedHashSet<>();
    private Optional<String> model = Optional.empty();
    private Optional<String> tier = Optional.empty();
    private @Nullable UsageReading usage;
    private boolean choicesEmpty;
    private boolean choicesAny;
    private boolean error;

    private AnswerReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * What was read.
     *
     * @param choicesEmpty whether the document has choices, but none
     */
    record Answer(AnswerFacts facts, boolean choicesEmpty) {}

    static Answer read(Json json, byte[] bytes, int from, int to) {
        try (JsonParser parser = json.parser(bytes, from, to)) {
            var reader = new AnswerReader(parser);
            boolean whole = reader.document();
            var error = reader.failed()
                    ? Optional.of(ErrorReader.read(json, bytes, from, to).orElse(ProviderError.UNCLASSIFIED))
                    : Optional.<ProviderError>empty();
            return whole ? reader.answer(error) : reader.broken("the answer is not one JSON object");
        } catch (IOException e) {
            return new Answer(
                    new AnswerFacts(new Broken("the answer is not complete, valid JSON"), Served.UNNAMED, List.of()),
                    false);
        }
    }

    private boolean document() throws IOException {
        if (parser.nextToken() != START_OBJECT) {
            return false;
        }
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "model" -> model = name();
                case "service_tier" -> tier = name();
                case "usage" -> usage();
                case "choices" -> choices();
                case "error" -> {
                    error |= parser.currentToken() != VALUE_NULL;
                    parser.skipChildren();
                }
                default -> parser.skipChildren();
            }
        }
        return parser.nextToken() == null;
    }

    /** Servers that stand before others, such as OpenRouter, answer 200 before they know: the error is in the body then, or in a choice. */
    private boolean failed() {
        return error || finishReasons.contains("error");
    }

    private Answer answer(Optional<ProviderError> failure) {
        UsageReading reading = usage == null ? unnamed() : usage;
        return new Answer(
                new AnswerFacts(reading, Tiers.served(model, tier), List.copyOf(finishReasons), failure), choicesEmpty);
    }

    /** An error with neither choices nor usage was not billed. */
    private UsageReading unnamed() {
        return error && !choicesAny ? new Reported(TokenUsage.NONE, Optional.empty()) : new Missing();
    }

    private Answer broken(String reason) {
        usage = new Broken(reason);
        return answer(Optional.empty());
    }

    /** The string at hand, if it can be a name: Azure sends an empty one for its model at times. */
    private Optional<String> name() throws IOException {
        if (parser.currentToken() != VALUE_STRING) {
            parser.skipChildren();
            return Optional.empty();
        }
        int length = parser.getTextLength();
        return length == 0 || length > NAME_LENGTH_MAX ? Optional.empty() : Optional.of(parser.getText());
    }

    private void usage() throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return;
        }
        boolean repeated = usage != null;
        if (parser.currentToken() != START_OBJECT) {
            parser.skipChildren();
            usage = new Broken("usage is not an object");
        } else {
            usage = UsageReader.read(parser);
        }
        if (repeated) {
            usage = new Broken("usage occurs more than once");
        }
    }

    private void choices() throws IOException {
        if (parser.currentToken() != START_ARRAY) {
            parser.skipChildren();
            return;
        }
        choicesEmpty = true;
        JsonToken next = parser.nextToken();
        while (next != END_ARRAY) {
            choicesEmpty = false;
            choicesAny = true;
            if (next == START_OBJECT) {
                choice();
            } else {
                parser.skipChildren();
            }
            next = parser.nextToken();
        }
    }

    private void choice() throws IOException {
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("finish_reason")) {
                name().filter(_ -> finishReasons.size() < FINISH_REASONS_MAX).ifPresent(finishReasons::add);
            } else {
                parser.skipChildren();
            }
        }
    }
}
