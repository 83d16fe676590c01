package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.provider.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Counts the tokens of the texts in some members of a request. Within objects only what is called like a text is one: the rest are ids,
 * types and media.
 */
final class TextTokens {
    private static final Set<String> TEXTS = Set.of(
            "text", "content", "input", "output", "arguments", "name", "description", "role", "summary", "refusal");

    private final JsonParser parser;
    private final Encoding encoding;
    private final Set<String> members;
    private long tokens;
    private long given;
    private long countedBytes;
    private boolean complete;

    private TextTokens(JsonParser parser, Encoding encoding, Set<String> members) {
        this.parser = parser;
        this.encoding = encoding;
        this.members = members;
    }

    /** Counts the request, or as much of it as these bytes hold: they may end anywhere. */
    static TextTokens count(Json json, byte[] beginning, Encoding encoding, Set<String> members) {
        try (JsonParser parser = json.parser(beginning, 0, beginning.length)) {
            var texts = new TextTokens(parser, encoding, members);
            texts.count();
            return texts;
        } catch (IOException e) {
            throw new IllegalStateException("closing a parser on memory failed", e);
        }
    }

    long tokens() {
        return tokens;
    }

    /** Tokens that the client sent as such, in arrays of numbers. */
    long given() {
        return given;
    }

    /** UTF-8 bytes of the texts that were counted. */
    long countedBytes() {
        return countedBytes;
    }

    /** Whether the request was counted to its end. */
    boolean complete() {
        return complete;
    }

    private void count() {
        try {
            parser.nextToken();
            while (parser.nextToken() == FIELD_NAME) {
                boolean counts = members.contains(parser.currentName());
                parser.nextToken();
                if (counts) {
                    value();
                } else {
                    parser.skipChildren();
                }
            }
            complete = parser.currentToken() == JsonToken.END_OBJECT;
        } catch (IOException e) {
            // The bytes ended before the request did: it was read in full once, so nothing else can be wrong with it.
            complete = false;
        }
    }

    private void value() throws IOException {
        int depth = 0;
        boolean text = true;
        do {
            switch (parser.currentToken()) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case FIELD_NAME -> text = TEXTS.contains(parser.currentName());
                case VALUE_STRING -> text(text);
                case VALUE_NUMBER_INT -> given += text ? 1 : 0;
                default -> {}
            }
        } while (depth > 0 && parser.nextToken() != null);
    }

    private void text(boolean counts) throws IOException {
        if (counts) {
            String text = parser.getText();
            tokens += encoding.countTokensOrdinary(text);
            countedBytes += text.getBytes(StandardCharsets.UTF_8).length;
        }
    }
}
