package dev.quotary.provider.openai;

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

/**
 * Where the texts of a prompt are: roles, contents, names, tool calls, and the JSON of tools and response formats.
 *
 * <p>Content is counted with the line feed that closes it in a chat template. That is never less than the text alone and at most one token
 * more.
 */
final class PromptTokens {
    private static final String CLOSING = "\n";

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
                case "messages" -> messages(count, parser);
                case "tools", "functions", "response_format" -> count.json();
                default -> parser.skipChildren();
            }
        }
        return parser.currentToken() == END_OBJECT;
    }

    private static void messages(PromptCount count, JsonParser parser) throws IOException {
        while (element(parser)) {
            while (parser.nextToken() == FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "role", "refusal", "reasoning_content" -> count.text();
                    case "content" -> content(count, parser);
                    case "name" -> {
                        count.token();
                        count.text();
                    }
                    case "tool_calls", "function_call" -> count.json();
                    default -> parser.skipChildren();
                }
            }
        }
    }

    private static void content(PromptCount count, JsonParser parser) throws IOException {
        if (parser.currentToken() != START_ARRAY) {
            count.text(CLOSING);
            return;
        }
        while (element(parser)) {
            if (parser.currentToken() == START_OBJECT) {
                part(count, parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Moves to the next element of the array at hand, if there is one. */
    private static boolean element(JsonParser parser) throws IOException {
        JsonToken next = parser.nextToken();
        return next != END_ARRAY && next != null;
    }

    private static void part(PromptCount count, JsonParser parser) throws IOException {
        while (parser.nextToken() == FIELD_NAME) {
            boolean text =
                    parser.currentName().equals("text") || parser.currentName().equals("refusal");
            parser.nextToken();
            if (text) {
                count.text(CLOSING);
            } else {
                parser.skipChildren();
            }
        }
    }
}
