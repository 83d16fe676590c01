package dev.quotary.limit;

import dev.quotary.call.Dimensions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which uses a limit counts: those whose dimensions match every pattern. A pattern is a value, or the beginning of one and {@code *}.
 *
 * @param patterns pattern by dimension; empty to count everything
 */
public record Filter(Map<String, String> patterns) {
    public static final Filter ALL = new Filter(Map.of());

    public Filter {
        patterns = Map.copyOf(patterns);
        patterns.forEach(Filter::check);
    }

    private static void check(String dimension, String pattern) {
        int star = pattern.indexOf('*');
        if (pattern.isEmpty() || (star >= 0 && star < pattern.length() - 1)) {
            throw new IllegalArgumentException(
                    "expected a value or a prefix and '*' for " + dimension + ", was '" + pattern + "'");
        }
    }

    public boolean matches(Dimensions dimensions) {
        if (patterns.isEmpty()) {
            return true;
        }
        for (var entry : patterns.entrySet()) {
            var value = dimensions.of(entry.getKey());
            if (value == null || !matches(entry.getValue(), value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String pattern, String value) {
        int last = pattern.length() - 1;
        return pattern.charAt(last) == '*' ? value.startsWith(pattern.substring(0, last)) : value.equals(pattern);
    }

    /** A stable text of the patterns, equal exactly for equal filters; empty for {@link #ALL}. */
    String text() {
        return new TreeMap<>(patterns)
                .entrySet().stream()
                        .map(entry -> quoted(entry.getKey()) + "=" + quoted(entry.getValue()))
                        .collect(Collectors.joining(" "));
    }

    /** What a {@link #text()} says. */
    static Filter parse(String text) {
        if (text.isEmpty()) {
            return ALL;
        }
        var patterns = new TreeMap<String, String>();
        for (var word : text.split(" ", -1)) {
            var sides = word.split("=", -1);
            if (sides.length != 2) {
                throw new IllegalArgumentException("expected dimension=pattern, was '" + word + "'");
            }
            patterns.put(plain(sides[0]), plain(sides[1]));
        }
        return new Filter(patterns);
    }

    private static String plain(String word) {
        return word.replace("%7C", "|").replace("%3D", "=").replace("%20", " ").replace("%25", "%");
    }

    private static String quoted(String word) {
        return word.replace("%", "%25").replace(" ", "%20").replace("=", "%3D").replace("|", "%7C");
    }
}
