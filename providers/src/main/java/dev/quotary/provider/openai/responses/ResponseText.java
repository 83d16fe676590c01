package dev.quotary.provider.openai.responses;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;

import com.fasterxml.jackson.core.JsonParser;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.JsonText;
import dev.quotary.provider.text.TextTally;
import java.io.IOException;
import java.util.Set;

/** Collects what a model wrote in a whole response, as far as it can be read. */
final class ResponseText {
    private static final Set<String> TEXTS = Set.of("text", "refusal", "arguments", "input", "code", "transcript");

    private ResponseText() {}

    static OutputText read(Json json, byte[] body) {
        var tally = new TextTally();
        try (JsonParser parser = json.parser(body, 0, body.length)) {
            parser.nextToken();
            while (parser.nextToken() == FIELD_NAME) {
                boolean output = parser.currentName().equals("output");
                parser.nextToken();
                if (output) {
                    value(parser, body, tally);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException _) {
            // What was read before the damage is what there is to estimate from.
        }
        return tally.text();
    }

    private static void value(JsonParser parser, byte[] body, TextTally tally) throws IOException {
        int depth = 0;
        do {
            switch (parser.currentToken()) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case VALUE_STRING -> text(parser, body, tally);
                default -> {}
            }
        } while (depth > 0 && parser.nextToken() != null);
    }

    private static void text(JsonParser parser, byte[] body, TextTally tally) throws IOException {
        if (parser.currentName() != null && TEXTS.contains(parser.currentName())) {
            add(parser, body, 0, tally);
        }
    }

    /** Adds the string at hand, where it lies in the array that the parser reads from this place on. */
    static void add(JsonParser parser, byte[] bytes, int documentFrom, TextTally tally) {
        int from = documentFrom + (int) parser.currentTokenLocation().getByteOffset() + 1;
        tally.add(bytes, from, JsonText.end(bytes, from, bytes.length));
    }
}
