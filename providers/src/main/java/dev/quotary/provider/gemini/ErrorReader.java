package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.json.Json;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads how a failure is classified: {@code {"error":{"code":429,"message":…,"status":"RESOURCE_EXHAUSTED","details":[…]}}}, or an array of
 * one such object where a stream without events was asked for.
 */
final class ErrorReader {
    private static final int WORD_LENGTH_MAX = 256;

    private ErrorReader() {}

    static Optional<ProviderError> read(Json json, byte[] bytes) {
        try (JsonParser parser = json.parser(bytes, 0, bytes.length)) {
            JsonToken first = parser.nextToken();
            if ((first == START_ARRAY ? parser.nextToken() : first) != START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == FIELD_NAME) {
                boolean error = parser.currentName().equals("error");
                parser.nextToken();
                if (error && parser.currentToken() != VALUE_NULL) {
                    return Optional.of(classified(parser));
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (IOException e) {
            // An error page of a proxy on the way is often HTML: the status alone then tells what went wrong.
            return Optional.empty();
        }
    }

    /** Reads the value of the member {@code error}, to its end. */
    static ProviderError classified(JsonParser parser) throws IOException {
        if (parser.currentToken() != START_OBJECT) {
            parser.skipChildren();
            return ProviderError.UNCLASSIFIED;
        }
        Optional<String> status = Optional.empty();
        Optional<String> code = Optional.empty();
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "status" -> status = word(parser);
                case "code" -> code = word(parser);
                default -> parser.skipChildren();
            }
        }
        return new ProviderError(status, code);
    }

    /** The string or number at hand, if it is short enough to be a name. */
    private static Optional<String> word(JsonParser parser) throws IOException {
        boolean readable = parser.currentToken() == VALUE_STRING || parser.currentToken() == VALUE_NUMBER_INT;
        if (!readable || parser.getTextLength() > WORD_LENGTH_MAX) {
            parser.skipChildren();
            return Optional.empty();
        }
        return Optional.of(parser.getText());
    }
}
