package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;

import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;

/**
 * Reads the member {@code tools}: what the model may use, what that may add to its input, and what fees it has.
 *
 * <p>Google names no maximum for any of this. The bounds of searches are generous guesses, so that the call is still possible within a small
 * limit; those of tools that read whole documents are the model's context.
 */
final class Tools {
    /** Queries of all searches within one call. */
    static final int SEARCH_QUERIES_MAX = 20;

    /** What search results and the output of code may add to the input. */
    static final long RESULT_TOKENS = 100_000;

    /** The declarations that the API adds for a tool of its own. */
    private static final long DECLARATION_TOKENS = 10_000;

    private static final Names NAMES = Names.of(
            "functionDeclarations",
            "googleSearch",
            "googleSearchRetrieval",
            "codeExecution",
            "computerUse",
            "urlContext",
            "fileSearch",
            "mcpServers");

    private final RequestCursor cursor;
    private final Prompt prompt;
    private boolean searches;

    Tools(RequestCursor cursor, Prompt prompt) {
        this.cursor = cursor;
        this.prompt = prompt;
    }

    /** Whether searches may be billed. */
    boolean searches() {
        return searches;
    }

    Fees feesMax(GeminiModel model) {
        if (!searches) {
            return Fees.NONE;
        }
        return Fees.of(Component.WEB_SEARCHES, model.billsGroundedPrompts() ? 1 : 0)
                .with(Component.SEARCH_QUERIES, model.billsQueries() ? SEARCH_QUERIES_MAX : 0);
    }

    void read() throws IOException {
        if (cursor.atNull()) {
            return;
        }
        if (!cursor.at(START_ARRAY)) {
            tool();
            return;
        }
        while (cursor.more()) {
            tool();
        }
    }

    private void tool() throws IOException {
        if (cursor.at(START_OBJECT)) {
            new Members(cursor, NAMES).read(this::member, this::unknown);
        } else {
            cursor.rejectType("tools", "an array of objects");
        }
    }

    private void member(String name) throws IOException {
        if (cursor.atNull()) {
            return;
        }
        switch (name) {
            case "googleSearch", "googleSearchRetrieval" -> {
                searches = true;
                prompt.add(RESULT_TOKENS);
            }
            case "codeExecution" -> prompt.add(RESULT_TOKENS);
            case "computerUse" -> prompt.add(DECLARATION_TOKENS);
            case "urlContext", "fileSearch", "mcpServers" -> prompt.addContext();
            default -> {}
        }
        prompt.raw(name);
    }

    /** Among them Google Maps and the searches of other companies, whose fees the answer does not tell. */
    private void unknown(String name) throws IOException {
        if (!cursor.atNull()) {
            cursor.reject(Rejected.of(
                    "Unsupported tool: '" + name + "'. What its use costs is not known, so it cannot be metered.",
                    "tools"));
        }
        cursor.skip();
    }
}
