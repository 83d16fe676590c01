package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;

import com.fasterxml.jackson.core.JsonParser;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.json.Json;
import java.io.IOException;
import java.util.Optional;

/** Reads how a failure is classified: {@code {"type":"error","error":{"type","message","details":{"error_code"}}}}. */
final class ErrorReader {
    private final JsonParser parser;
    private Optional<String> type = Optional.empty();
    private Optional<String> code = Optional.empty();
    private boolean found;

    private ErrorReader(JsonParser parser) {
        this.parser = parser;
    }

    static Optional<ProviderError> read(Json json, byte[] bytes, int from, int to) {
        try (JsonParser parser = json.parser(bytes, from, to)) {
            return new ErrorReader(parser).read();
        } catch (IOException e) {
            // An error page of a proxy on the way is often HTML: the status alone then tells what went wrong.
            return Optional.empty();
        }
    }

    private Optional<ProviderError> read() throws IOException {
        if (parser.nextToken() != START_OBJECT) {
            return Optional.empty();
        }
        members(name -> {
            boolean error = name.equals("error") && parser.currentToken() == START_OBJECT;
            found |= error;
            if (error) {
                members(this::error);
            } else {
                parser.skipChildren();
            }
        });
        return found ? Optional.of(new ProviderError(type, code)) : Optional.empty();
    }

    private void error(String name) throws IOException {
        if (name.equals("type")) {
            type = Words.word(parser);
        } else if (name.equals("details") && parser.currentToken() == START_OBJECT) {
            members(this::detail);
        } else {
            parser.skipChildren();
        }
    }

    private void detail(String name) throws IOException {
        if (name.equals("error_code")) {
            code = Words.word(parser);
        } else {
            parser.skipChildren();
        }
    }

    private interface Member {
        void read(String name) throws IOException;
    }

    /** Hands over the members of the object at hand, each at the start of its value. */
    private void members(Member member) throws IOException {
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            member.read(name);
        }
    }
}
