package dev.quotary.analytics;

import dev.quotary.ledger.UsageEvent;
import java.util.List;

/**
 * Which events are meant: those whose dimension matches one of the patterns.
 *
 * @param patterns 1 to {@link #PATTERNS_MAX}: values, or beginnings of values and a {@code *}; the empty text means events without that
 *     dimension
 */
public record Condition(Dimension dimension, List<String> patterns) {
    public static final int PATTERNS_MAX = 100;
    private static final int LENGTH_MAX = 257;

    public Condition {
        patterns = List.copyOf(patterns);
        if (patterns.isEmpty() || patterns.size() > PATTERNS_MAX) {
            throw new IllegalArgumentException("expected 1.." + PATTERNS_MAX + " values of " + dimension.key());
        }
        for (var pattern : patterns) {
            int star = pattern.indexOf('*');
            if (pattern.length() > LENGTH_MAX || (star >= 0 && star < pattern.length() - 1)) {
                throw new IllegalArgumentException("expected a value or a prefix and '*' for " + dimension.key());
            }
        }
    }

    /** Events that have this very value. */
    public static Condition is(Dimension dimension, String value) {
        return new Condition(dimension, List.of(value));
    }

    /** @param value of the dimension; the empty text where an event has none */
    public boolean matches(String value) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, value));
    }

    /** Whether an event meets it. */
    public boolean matches(UsageEvent event) {
        return matches(dimension.of(event));
    }

    private static boolean matches(String pattern, String value) {
        return pattern.endsWith("*")
                ? value.startsWith(pattern.substring(0, pattern.length() - 1))
                : value.equals(pattern);
    }
}
