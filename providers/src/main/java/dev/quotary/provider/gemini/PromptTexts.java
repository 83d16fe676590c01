package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.PromptCount;
import java.io.IOException;
import java.util.Set;

/** Where the texts of a prompt are: everything named {@code text}, and the JSON of tools and their calls. */
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

    private PromptTexts() {}

    static PromptCount count(Json json, byte[] beginning, Encoding encoding) {
        return PromptCount.of(json, beginning, encoding, PromptTexts::walk);
    }

    private static boolean walk(PromptCount count, JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        while (token != null) {
            if (token == FIELD_NAME && AS_JSON.contains(parser.currentName())) {
                parser.nextToken();
                count.wholeJson();
            } else if (token == VALUE_STRING && "text".equals(parser.currentName())) {
                count.text();
            }
            token = parser.nextToken();
        }
        return true;
    }
}
