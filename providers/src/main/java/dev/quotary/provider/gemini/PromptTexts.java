package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.provider.json.ByteBuilder;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Counts the tokens of a prompt's texts with a vocabulary: everything named {@code text}, and the JSON of tools and their calls. */
final class PromptTexts {
    private static final Set<String> AS_JSON = Set.of(
            "functionDeclarations",
            "function_declarations",
            "functionCall",
            "function_call",
            "functionResponse",
            "function_response",
            "responseSchema",
            "response_schema",
            "responseJsonSchema");

    private final byte[] body;
    private final JsonParser parser;
    private final Encoding encoding;
    private long tokens;
    private long countedBytes;
    private boolean complete;

    private PromptTexts(byte[] body, JsonParser parser, Encoding encoding) {
        this.body = body;
        this.parser = parser;
        this.encoding = encoding;
    }

    /** Counts the request, or as much of it as these bytes hold: they may end anywhere. */
    static PromptTexts count(Json json, byte[] beginning, Encoding encoding) {
        try (JsonParser parser = json.parser(beginning, 0, beginning.length)) {
            var prompt = new PromptTexts(beginning, parser, encoding);
            prompt.count();
            return prompt;
        } catch (IOException e) {
            throw new IllegalStateException("closing a parser on memory failed", e);
        }
    }

    long tokens() {
        return tokens;
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
            JsonToken token = parser.nextToken();
            while (token != null) {
                if (token == FIELD_NAME && AS_JSON.contains(parser.currentName())) {
                    parser.nextToken();
                    json();
                } else if (token == VALUE_STRING && "text".equals(parser.currentName())) {
                    text();
                }
                token = parser.nextToken();
            }
            complete = true;
        } catch (IOException e) {
            // The bytes ended before the request did: it was read in full once, so nothing else can be wrong with it.
            complete = false;
        }
    }

    /** The text at hand, or as much of it as these bytes hold. */
    private void text() {
        int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
        var decoded = new ByteBuilder();
        JsonText.decode(body, from, JsonText.end(body, from, body.length), decoded);
        add(new String(decoded.array(), 0, decoded.size(), StandardCharsets.UTF_8), decoded.size());
    }

    private void json() throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (parser.currentToken() == JsonToken.END_ARRAY || parser.currentToken() == JsonToken.END_OBJECT) {
            int to = (int) parser.currentTokenLocation().getByteOffset() + 1;
            add(new String(body, from, to - from, StandardCharsets.UTF_8), to - from);
        }
    }

    private void add(String text, long bytes) {
        tokens += encoding.countTokensOrdinary(text);
        countedBytes += bytes;
    }
}
