package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.provider.json.ByteBuilder;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Counts the tokens of a prompt's texts with a vocabulary: system, contents, results of tools, and the JSON of tools and their calls. */
final class PromptTokens {
    private final byte[] body;
    private final JsonParser parser;
    private final Encoding encoding;
    private long tokens;
    private long countedBytes;
    private boolean complete;

    private PromptTokens(byte[] body, JsonParser parser, Encoding encoding) {
        this.body = body;
        this.parser = parser;
        this.encoding = encoding;
    }

    /** Counts the request, or as much of it as these bytes hold: they may end anywhere. */
    static PromptTokens count(Json json, byte[] beginning, Encoding encoding) {
        try (JsonParser parser = json.parser(beginning, 0, beginning.length)) {
            var prompt = new PromptTokens(beginning, parser, encoding);
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
            parser.nextToken();
            while (parser.nextToken() == FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "messages", "system" -> content();
                    case "tools", "output_config", "output_format" -> json();
                    default -> parser.skipChildren();
                }
            }
            complete = parser.currentToken() == JsonToken.END_OBJECT;
        } catch (IOException e) {
            // The bytes ended before the request did: it was read in full once, so nothing else can be wrong with it.
            complete = false;
        }
    }

    /** A text, a message, a block, or an array of them. */
    private void content() throws IOException {
        if (parser.currentToken() == START_ARRAY) {
            JsonToken next = parser.nextToken();
            while (next != JsonToken.END_ARRAY && next != null) {
                content();
                next = parser.nextToken();
            }
        } else if (parser.currentToken() == START_OBJECT) {
            block();
        } else {
            text();
        }
    }

    private void block() throws IOException {
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "content" -> content();
                case "role", "text", "thinking", "name", "title", "context" -> text();
                case "input" -> json();
                default -> parser.skipChildren();
            }
        }
    }

    private void text() throws IOException {
        if (parser.currentToken() != VALUE_STRING) {
            parser.skipChildren();
            return;
        }
        int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
        var decoded = new ByteBuilder();
        JsonText.decode(body, from, JsonText.end(body, from, body.length), decoded);
        add(new String(decoded.array(), 0, decoded.size(), StandardCharsets.UTF_8), decoded.size());
    }

    /** Counts the JSON of the value at hand, whole or cut off. */
    private void json() throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        int to = body.length;
        try {
            parser.skipChildren();
            boolean scalar =
                    parser.currentToken() != JsonToken.END_ARRAY && parser.currentToken() != JsonToken.END_OBJECT;
            to = scalar ? from : (int) parser.currentTokenLocation().getByteOffset() + 1;
        } finally {
            add(new String(body, from, to - from, StandardCharsets.UTF_8), to - from);
        }
    }

    private void add(String text, long bytes) {
        tokens += encoding.countTokensOrdinary(text);
        countedBytes += bytes;
    }
}
