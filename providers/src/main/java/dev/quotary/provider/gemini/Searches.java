package dev.quotary.provider.gemini;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts the queries that an answer was grounded with. A stream may repeat them, or tell them bit by bit: the most that one chunk named
 * counts, or all different ones if they are more. For one thread at a time.
 */
final class Searches {
    /** Different queries that are told apart. */
    static final int DIFFERENT_MAX = 1_000;

    private static final int QUERY_LENGTH_MAX = 4_096;

    private final Set<String> different = new HashSet<>();
    private long most;
    private long inChunk;

    void beginChunk() {
        inChunk = 0;
    }

    /** Adds a query by the inside of its JSON string; an empty one is not billed. */
    void add(byte[] json, int from, int to) {
        if (from == to) {
            return;
        }
        inChunk++;
        most = Math.max(most, inChunk);
        if (different.size() < DIFFERENT_MAX) {
            int length = Math.min(to - from, QUERY_LENGTH_MAX);
            different.add(new String(json, from, length, StandardCharsets.ISO_8859_1));
        }
    }

    /** The usage with what these searches are billed by at the model that served the call. */
    TokenUsage added(TokenUsage usage, GeminiModel model) {
        long queries = Math.max(most, different.size());
        if (queries == 0) {
            return usage;
        }
        var counted = model.billsQueries() ? usage.with(Component.SEARCH_QUERIES, queries) : usage;
        return model.billsGroundedPrompts() ? counted.with(Component.WEB_SEARCHES, 1) : counted;
    }
}
