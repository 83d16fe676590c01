package dev.quotary.gateway;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Queries as they came. */
final class Queries {
    private static final String KEY = "key";

    private Queries() {}

    /**
     * A query without its {@code key}, where clients of Gemini show their key: it is ours, and the provider must not see it. It goes in
     * whatever way it was written that we would have taken for the key: percent-encoded, or behind a semicolon.
     */
    static String withoutKey(@Nullable String query) {
        if (query == null) {
            return "";
        }
        var kept = new StringBuilder();
        int start = 0;
        for (int at = 0; at <= query.length(); at++) {
            if (at == query.length() || query.charAt(at) == '&' || query.charAt(at) == ';') {
                if (!key(query.substring(start, at))) {
                    // With the separator before it, unless nothing stands there any more.
                    kept.append(query, kept.isEmpty() ? start : start - 1, at);
                }
                start = at + 1;
            }
        }
        return kept.toString();
    }

    private static boolean key(String parameter) {
        int equals = parameter.indexOf('=');
        var name = equals < 0 ? parameter : parameter.substring(0, equals);
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8).equals(KEY);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
