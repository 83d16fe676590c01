package dev.quotary.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSONPath that names at most one value: a "singular query" of RFC 9535, which is {@code $} followed by names ({@code .model},
 * {@code ['a name']}) and indexes ({@code [0]}, {@code [-1]} for the last).
 *
 * <p>Whatever is counted or grouped by is one value, so that nothing is lost by leaving out wildcards, slices and filters; and what is read
 * once, when it is declared, costs a look-up per step for each event. Immutable.
 */
public final class JsonPath {
    private static final int LENGTH_MAX = 512;
    private static final int INDEX_DIGITS_MAX = 9;

    private final String text;
    private final List<Step> steps;

    private sealed interface Step {
        record Name(String name) implements Step {}

        record Index(int index) implements Step {}
    }

    private JsonPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = List.copyOf(steps);
    }

    /** @throws IllegalArgumentException saying what is wrong, and where */
    public static JsonPath parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("expected a JSONPath of at most " + LENGTH_MAX + " characters");
        }
        return new JsonPath(text, new Parser(text).steps());
    }

    /** The value that the path names; null where there is none. A JSON null counts as absent. */
    public @Nullable Value find(Value root) {
        var value = root;
        for (var step : steps) {
            var next = next(value, step);
            if (next == null) {
                return null;
            }
            value = next;
        }
        return Value.present(value);
    }

    private static @Nullable Value next(Value value, Step step) {
        return switch (step) {
            case Step.Name(var name) -> value.isObject() ? value.entries().get(name) : null;
            case Step.Index(int index) -> {
                if (!value.isList()) {
                    yield null;
                }
                var items = value.items();
                int at = index < 0 ? items.size() + index : index;
                yield at >= 0 && at < items.size() ? items.get(at) : null;
            }
        };
    }

    /** Equal for paths of the same steps, however they are written. */
    @Override
    public boolean equals(Object other) {
        return other instanceof JsonPath path && path.steps.equals(steps);
    }

    @Override
    public int hashCode() {
        return steps.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Step> steps() {
            if (text.isEmpty() || text.charAt(0) != '$') {
                throw wrong("to begin with $");
            }
            at = 1;
            var steps = new ArrayList<Step>();
            while (at < text.length()) {
                steps.add(
                        switch (text.charAt(at)) {
                            case '.' -> shortName();
                            case '[' -> bracketed();
                            default -> throw wrong(". or [");
                        });
            }
            return steps;
        }

        private Step shortName() {
            int begin = ++at;
            while (at < text.length() && inName(text.charAt(at), at > begin)) {
                at++;
            }
            if (at == begin) {
                throw wrong("one name after the dot; wildcards and descendants name more than one value");
            }
            return new Step.Name(text.substring(begin, at));
        }

        private static boolean inName(char c, boolean further) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
            return letter || (further && c >= '0' && c <= '9');
        }

        private Step bracketed() {
            at++;
            char c = at < text.length() ? text.charAt(at) : ' ';
            var step = c == '\'' || c == '"' ? new Step.Name(quoted(c)) : new Step.Index(index());
            if (at == text.length() || text.charAt(at) != ']') {
                throw wrong("]; slices, filters and lists of names name more than one value");
            }
            at++;
            return step;
        }

        private String quoted(char quote) {
            var name = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != quote; at++) {
                char c = text.charAt(at);
                if (c == '\\') {
                    at++;
                    if (at == text.length() || "'\"\\/".indexOf(text.charAt(at)) < 0) {
                        throw wrong("a quote, a slash or a backslash after the backslash");
                    }
                    c = text.charAt(at);
                }
                name.append(c);
            }
            if (at == text.length()) {
                throw wrong("a closing " + quote);
            }
            at++;
            return name.toString();
        }

        private int index() {
            int begin = at;
            at += at < text.length() && text.charAt(at) == '-' ? 1 : 0;
            int digits = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            int count = at - digits;
            boolean padded = count > 0 && text.charAt(digits) == '0' && at - begin > 1;
            if (count == 0 || count > INDEX_DIGITS_MAX || padded) {
                throw wrong("a quoted name or an index");
            }
            return Integer.parseInt(text, begin, at, 10);
        }

        private IllegalArgumentException wrong(String expected) {
            return new IllegalArgumentException(
                    "expected a JSONPath of names and indexes such as $.usage.tokens: at character " + (at + 1)
                            + " expected " + expected + ", was '" + text + "'");
        }
    }
}
