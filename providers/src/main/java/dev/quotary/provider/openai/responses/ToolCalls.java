package dev.quotary.provider.openai.responses;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;

import com.fasterxml.jackson.core.JsonParser;
import dev.quotary.provider.openai.ModelMember;
import java.io.IOException;
import java.util.Optional;

/** What a response says of the tools that ran at the provider: calls among its output, and settings among its tools. */
final class ToolCalls {
    private long webSearches;
    private long fileSearches;
    private Optional<String> imageModel = Optional.empty();

    /** Reads one item of the output. */
    void item(JsonParser parser) throws IOException {
        String type = "";
        String action = "";
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("type")) {
                type = ResponseReader.name(parser).orElse("");
            } else if (name.equals("action") && parser.currentToken() == START_OBJECT) {
                action = typeOf(parser);
            } else {
                parser.skipChildren();
            }
        }
        // Opening a page is free; a call without an action is one of a server that tells none.
        boolean searches = action.isEmpty() || action.equals("search");
        webSearches += type.equals("web_search_call") && searches ? 1 : 0;
        fileSearches += type.equals("file_search_call") ? 1 : 0;
    }

    /** Reads one tool that the call could use. */
    void tool(JsonParser parser) throws IOException {
        String type = "";
        Optional<String> model = Optional.empty();
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "type" -> type = ResponseReader.name(parser).orElse("");
                case "model" -> model = ResponseReader.name(parser);
                default -> parser.skipChildren();
            }
        }
        if (type.equals("image_generation")) {
            imageModel = model.filter(ModelMember::valid);
        }
    }

    private static String typeOf(JsonParser parser) throws IOException {
        String type = "";
        while (parser.nextToken() == FIELD_NAME) {
            boolean wanted = parser.currentName().equals("type");
            parser.nextToken();
            if (wanted) {
                type = ResponseReader.name(parser).orElse("");
            } else {
                parser.skipChildren();
            }
        }
        return type;
    }

    long webSearches() {
        return webSearches;
    }

    long fileSearches() {
        return fileSearches;
    }

    /** The model that made images, if the response names it. */
    Optional<String> imageModel() {
        return imageModel;
    }
}
