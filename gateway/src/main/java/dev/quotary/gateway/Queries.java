package dev.quotary.gateway;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Queries as they came. */
final class Queries {
    private static final String KEY = "key=";

    private Queries() {}

    /** A query without {@code key=…}, where clients of Gemini show their key: it is ours, and the provider must not see it. */
    static String withoutKey(@Nullable String query) {
        if (query == null || !query.contains(KEY)) {
            return query == null ? "" : query;
        }
        return Arrays.stream(query.split("&", -1))
                .filter(part -> !part.startsWith(KEY))
                .collect(Collectors.joining("&"));
    }
}
