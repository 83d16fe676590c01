package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.json.Json;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads how a failure is classified. OpenAI: {@code {"error":{"message","type","param","code"}}}, where OpenRouter and vLLM have a number
 * for a code; xAI: {@code {"code","error"}} with a sentence for an error.
 */
public final class ErrorReader {
    private final JsonParser parser;
    private Optional<String> type = Optional.empty();
    private Optional<String> code = Optional.empty();
    private Optional<String> outerCode = Optional.empty();
    private boolean found;

    private ErrorReader(JsonParser parser) {
        this.parser = parser;
    }

    public static Optional<ProviderError> read(Json json, byte[] bytes, int from, int to) {
        try (JsonParser parser = json.parser(bytes, from, to)) {
            return new ErrorReader(parser).read();
        } catch (IOException e) {
            // An error page of a proxy on the way is often HTML: the status alone then tells what went wrong.
            return Optional.empty();
        }
    }

    /** Reads an event that is an error: {@code {"type":"error","code","message"}}, or with the members in an object {@code error}. */
    public static Optional<ProviderError> readEvent(Json json, byte[] bytes, int from, int to) {
        try (JsonParser parser = json.parser(bytes, from, to)) {
            var reader = new ErrorReader(parser);
            var read = reader.read();
            var code = reader.code.or(() -> reader.outerCode);
            return read.or(() -> Optional.of(new ProviderError(code, code)));
        } catch (IOException e) {
            return Optional.of(ProviderError.UNCLASSIFIED);
        }
    }

    private Optional<ProviderError> read() throws IOException {
        if (parser.nextToken() != START_OBJECT) {
            return Optional.empty();
        }
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "error" -> error();
                case "code" -> outerCode = word();
                default -> parser.skipChildren();
            }
        }
        return found ? Optional.of(new ProviderError(type, code.or(() -> outerCode))) : Optional.empty();
    }

    private void error() throws IOException {
        found |= parser.currentToken() != VALUE_NULL;
        if (parser.currentToken() != START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "type" -> type = word();
                case "code" -> code = word();
                default -> parser.skipChildren();
            }
        }
    }

    /** The string or number at hand, if it is short enough to be a name. */
    private Optional<String> word() throws IOException {
        boolean readable = parser.currentToken() == VALUE_STRING || parser.currentToken() == VALUE_NUMBER_INT;
        if (!readable || parser.getTextLength() > AnswerReader.NAME_LENGTH_MAX) {
            parser.skipChildren();
            return Optional.empty();
        }
        return Optional.of(parser.getText());
    }
}
