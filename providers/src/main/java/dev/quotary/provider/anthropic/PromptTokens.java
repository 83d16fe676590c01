package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.PromptCount;
import java.io.IOException;

/** Where the texts of a prompt are: system, contents, results of tools, and the JSON of tools and their calls. */
final class PromptTokens {
    private PromptTokens() {}

    static PromptCount count(Json json, byte[] beginning, Encoding encoding) {
        return PromptCount.of(json, beginning, encoding, PromptTokens::walk);
    }

    private static boolean walk(PromptCount count, JsonParser parser) throws IOException {
        parser.nextToken();
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "messages", "system" -> content(count, parser);
                case "tools", "output_config", "output_format" -> count.json();
                default -> parser.skipChildren();
            }
        }
        return parser.currentToken() == END_OBJECT;
    }

    /** A text, a message, a block, or an array of them. */
    private static void content(PromptCount count, JsonParser parser) throws IOException {
        if (parser.currentToken() == START_ARRAY) {
            JsonToken next = parser.nextToken();
            while (next != END_ARRAY && next != null) {
                content(count, parser);
                next = parser.nextToken();
            }
        } else if (parser.currentToken() == START_OBJECT) {
            block(count, parser);
        } else {
            count.text();
        }
    }

    private static void block(PromptCount count, JsonParser parser) throws IOException {
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "content" -> content(count, parser);
                case "role", "text", "thinking", "name", "title", "context" -> count.text();
                case "input" -> count.json();
                default -> parser.skipChildren();
            }
        }
    }
}
