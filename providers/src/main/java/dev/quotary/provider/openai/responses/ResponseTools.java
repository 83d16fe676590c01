package dev.quotary.provider.openai.responses;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.openai.ChatDialect;
import java.io.IOException;
import java.util.Set;

/** Reads the member {@code tools}: which of them run at the provider, and whether what they cost can be seen afterwards. */
final class ResponseTools {
    /** Run by the client, or told to the model only. */
    private static final Set<String> AT_CLIENT = Set.of(
            "function",
            "custom",
            "local_shell",
            "apply_patch",
            "computer",
            "computer_use_preview",
            "namespace",
            "tool_search");

    private static final Set<String> WEB_SEARCH =
            Set.of("web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11");

    private final RequestCursor cursor;
    private final ChatDialect.Family family;
    private boolean searchesWeb;
    private boolean searchesFiles;
    private boolean makesImages;
    private boolean any;

    ResponseTools(RequestCursor cursor, ChatDialect.Family family) {
        this.cursor = cursor;
        this.family = family;
    }

    /** Whether any tool runs at the provider. */
    boolean atProvider() {
        return any;
    }

    boolean searchesWeb() {
        return searchesWeb;
    }

    boolean searchesFiles() {
        return searchesFiles;
    }

    boolean makesImages() {
        return makesImages;
    }

    /** Gives the bytes of the JSON, which the model reads. */
    long read() throws IOException {
        if (!cursor.at(START_ARRAY)) {
            return cursor.atNull() ? 0 : cursor.skip();
        }
        int start = cursor.offset();
        while (cursor.more()) {
            if (cursor.at(START_OBJECT)) {
                tool();
            } else {
                cursor.rejectType("tools", "an array of objects");
            }
        }
        return cursor.offset() + 1L - start;
    }

    private void tool() throws IOException {
        String type = "";
        int types = 0;
        while (cursor.more()) {
            if (cursor.member().equals("type") && cursor.at(VALUE_STRING)) {
                type = cursor.text();
                types++;
            }
            cursor.skip();
        }
        if (types != 1) {
            cursor.reject(Rejected.of("Invalid 'tools': expected each tool to have one type.", "tools"));
        } else if (!AT_CLIENT.contains(type)) {
            atProvider(type);
        }
    }

    /** xAI names the whole cost of a call, tools included, and other servers' tools are their operator's own. */
    private void atProvider(String type) {
        any = true;
        searchesWeb |= WEB_SEARCH.contains(type);
        searchesFiles |= type.equals("file_search");
        makesImages |= type.equals("image_generation");
        boolean visible = WEB_SEARCH.contains(type)
                || type.equals("file_search")
                || type.equals("image_generation")
                || type.equals("mcp");
        if (!visible && family == ChatDialect.Family.OPENAI) {
            cursor.reject(Rejected.of(
                    "Unsupported tool: '" + type + "'. What it costs is not in the response, so it cannot be metered.",
                    "tools"));
        }
    }
}
