package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.JsonText;
import dev.quotary.provider.text.TextTally;
import java.io.IOException;

/** Collects what the model wrote, out of a whole answer or as much of it as came. */
final class AnswerText {
    private final JsonParser parser;
    private final byte[] body;
    private final TextTally tally = new TextTally();

    private AnswerText(JsonParser parser, byte[] body) {
        this.parser = parser;
        this.body = body;
    }

    static OutputText read(Json json, byte[] body) {
        try (JsonParser parser = json.parser(body, 0, body.length)) {
            var text = new AnswerText(parser, body);
            text.collect();
            return text.tally.text();
        } catch (IOException e) {
            throw new IllegalStateException("closing a parser on memory failed", e);
        }
    }

    private void collect() {
        try {
            if (parser.nextToken() != START_OBJECT) {
                return;
            }
            while (parser.nextToken() == FIELD_NAME) {
                boolean content = parser.currentName().equals("content");
                if (parser.nextToken() == START_ARRAY && content) {
                    blocks();
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException _) {
            // What was collected before is all that can be read of the answer.
        }
    }

    private void blocks() throws IOException {
        while (parser.nextToken() == START_OBJECT) {
            while (parser.nextToken() == FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "text", "thinking", "name" -> text();
                    case "input" -> json();
                    default -> parser.skipChildren();
                }
            }
        }
    }

    private void text() throws IOException {
        if (parser.currentToken() != VALUE_STRING) {
            parser.skipChildren();
            return;
        }
        int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
        tally.add(body, from, JsonText.end(body, from, body.length));
    }

    /** What a tool is called with was written as JSON. */
    private void json() throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int to = (int) parser.currentTokenLocation().getByteOffset() + 1;
        tally.add(body, from, to);
    }
}
