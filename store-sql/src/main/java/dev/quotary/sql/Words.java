package dev.quotary.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small maps in one column: {@code name=value name=value}, with {@code %}, space and {@code =} escaped as in an URL. */
public final class Words {
    private Words() {}

    /** In the map's own order; null for an empty map. */
    static @Nullable String of(Map<String, String> map) {
        if (map.isEmpty()) {
            return null;
        }
        var text = new StringBuilder();
        map.forEach((name, value) -> text.append(text.isEmpty() ? "" : " ")
                .append(escaped(name))
                .append('=')
                .append(escaped(value)));
        return text.toString();
    }

    /** In the order of the text. */
    static Map<String, String> parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Map.of();
        }
        var map = new LinkedHashMap<String, String>();
        for (var word : text.split(" ", -1)) {
            int middle = word.indexOf('=');
            if (middle < 0) {
                throw new IllegalStateException("expected name=value in the ledger, was '" + word + "'");
            }
            map.put(plain(word.substring(0, middle)), plain(word.substring(middle + 1)));
        }
        return map;
    }

    public static String escaped(String word) {
        return word.replace("%", "%25").replace(" ", "%20").replace("=", "%3D");
    }

    public static String plain(String word) {
        return word.replace("%3D", "=").replace("%20", " ").replace("%25", "%");
    }
}
