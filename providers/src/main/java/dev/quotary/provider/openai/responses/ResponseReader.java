package dev.quotary.provider.openai.responses;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.openai.Tiers;
import dev.quotary.provider.openai.UsageTree;
import dev.quotary.provider.text.NameSlot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one response object: the whole answer, or the state of it in an event of a stream. */
final class ResponseReader {
    private static final Optional<String> FAILED = Optional.of("failed");
    private static final Optional<String> CANCELLED = Optional.of("cancelled");

    private final JsonParser parser;
    private final Set<String> seen = new HashSet<>();
    private final ToolCalls toolCalls = new ToolCalls();
    private Optional<String> id = Optional.empty();
    private Optional<String> status = Optional.empty();
    private Optional<String> incompleteReason = Optional.empty();
    private Optional<String> model = Optional.empty();
    private Optional<String> tier = Optional.empty();
    private Optional<String> errorCode = Optional.empty();
    private @Nullable UsageTree usage;
    private @Nullable UsageTree toolUsage;
    private @Nullable String broken;

    private ResponseReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * What was read.
     *
     * @param status such as {@code completed}
     * @param error why the response failed, if it did
     */
    record Response(Optional<String> id, Optional<String> status, AnswerFacts facts, Optional<ProviderError> error) {
        private static Response unreadable(String reason) {
            var facts = new AnswerFacts(new Broken(reason), Served.UNNAMED, List.of());
            return new Response(Optional.empty(), Optional.empty(), facts, Optional.empty());
        }

        /** Tokens that another request reads if it continues this one; empty if they are not known. */
        Optional<Long> context() {
            return facts.usage() instanceof UsageReading.Reported(var tokens, var _, var _)
                    ? Optional.of(tokens.totalInput() + tokens.totalOutput())
                    : Optional.empty();
        }
    }

    /** Reads a document that is one response object. */
    static Response read(Json json, byte[] bytes, int from, int to) {
        try (JsonParser parser = json.parser(bytes, from, to)) {
            if (parser.nextToken() != START_OBJECT) {
                return Response.unreadable("the answer is not one JSON object");
            }
            Response response = read(parser);
            return parser.nextToken() == null
                    ? response
                    : Response.unreadable("the answer is more than one JSON object");
        } catch (IOException e) {
            return Response.unreadable("the answer is not complete, valid JSON");
        }
    }

    /** Reads the object that the parser stands at the start of, to its end. */
    static Response read(JsonParser parser) throws IOException {
        var reader = new ResponseReader(parser);
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            reader.member(name);
        }
        return reader.response();
    }

    private void member(String name) throws IOException {
        switch (name) {
            case "id" -> id = name();
            case "status" -> status = name();
            case "model" -> model = name();
            case "service_tier" -> tier = name();
            case "usage" -> usage = tree(name);
            case "tool_usage" -> toolUsage = tree(name);
            case "error" -> errorCode = word("code");
            case "incomplete_details" -> incompleteReason = word("reason");
            case "output" -> each(toolCalls::item);
            case "tools" -> each(toolCalls::tool);
            default -> parser.skipChildren();
        }
    }

    private @Nullable UsageTree tree(String name) throws IOException {
        if (!seen.add(name)) {
            broken = name + " occurs more than once";
        }
        if (parser.currentToken() == START_OBJECT) {
            return UsageTree.read(parser);
        }
        if (parser.currentToken() != VALUE_NULL) {
            broken = name + " is not an object";
            parser.skipChildren();
        }
        return null;
    }

    /** One element that is an object, to be read to its end. */
    private interface Element {
        void read(JsonParser parser) throws IOException;
    }

    private void each(Element element) throws IOException {
        if (parser.currentToken() != START_ARRAY) {
            parser.skipChildren();
            return;
        }
        for (JsonToken next = parser.nextToken(); next != END_ARRAY; next = parser.nextToken()) {
            if (next == START_OBJECT) {
                element.read(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private Optional<String> name() throws IOException {
        return name(parser);
    }

    /** The string at hand, if it can be a name. */
    static Optional<String> name(JsonParser parser) throws IOException {
        if (parser.currentToken() != VALUE_STRING) {
            parser.skipChildren();
            return Optional.empty();
        }
        int length = parser.getTextLength();
        return length == 0 || length > NameSlot.LENGTH_MAX ? Optional.empty() : Optional.of(parser.getText());
    }

    /** One word of the object at hand. */
    private Optional<String> word(String member) throws IOException {
        Optional<String> word = Optional.empty();
        if (parser.currentToken() != START_OBJECT) {
            parser.skipChildren();
            return word;
        }
        while (parser.nextToken() == FIELD_NAME) {
            boolean wanted = parser.currentName().equals(member);
            parser.nextToken();
            if (wanted) {
                word = name();
            } else {
                parser.skipChildren();
            }
        }
        return word;
    }

    private Response response() {
        var reasons = new ArrayList<String>(2);
        status.ifPresent(reasons::add);
        incompleteReason.ifPresent(reasons::add);
        var error = error();
        var facts = new AnswerFacts(reading(status.equals(FAILED)), Tiers.served(model, tier), reasons, error);
        return new Response(id, status, facts, error);
    }

    /** An incomplete response is an answer that reached its cap, or was cut by a filter: it did not fail. */
    private Optional<ProviderError> error() {
        if (status.equals(FAILED)) {
            return Optional.of(new ProviderError(errorCode.or(() -> Optional.of("server_error")), errorCode));
        }
        return status.equals(CANCELLED) ? Optional.of(ProviderError.CANCELLED) : Optional.empty();
    }

    private UsageReading reading(boolean failed) {
        return broken != null ? new Broken(broken) : ResponseUsage.read(usage, toolUsage, toolCalls, failed);
    }
}
