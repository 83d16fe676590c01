package dev.quotary.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The words of a directive, {@code key=value} or a bare {@code key}, in any order.
 *
 * <p>Every read takes its word out; what is left when all known words are read is unknown. So the list of known words is not
 * written twice.
 */
final class DirectiveWords {
    private static final int TEXT_LENGTH_MAX = 1_000;
    private static final int SHOWN_LENGTH_MAX = 60;
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");
    private static final String FLAG = "";

    private final Map<String, String> unread = new LinkedHashMap<>();
    private final List<String> known = new ArrayList<>();

    private DirectiveWords() {}

    static DirectiveWords of(String text) {
        if (text.length() > TEXT_LENGTH_MAX) {
            throw bad("simulate", "expected at most " + TEXT_LENGTH_MAX + " characters, were " + text.length());
        }
        var words = new DirectiveWords();
        BLANKS.splitAsStream(text).filter(word -> !word.isEmpty()).forEach(words::add);
        return words;
    }

    private void add(String word) {
        int equals = word.indexOf('=');
        var key = equals < 0 ? word : word.substring(0, equals);
        var value = equals < 0 ? FLAG : word.substring(equals + 1);
        if (equals >= 0 && value.isEmpty()) {
            throw bad(key, "expected a value after the '='");
        }
        if (unread.put(key, value) != null) {
            throw bad(key, "expected it once");
        }
    }

    OptionalInt number(String key, int min, int max) {
        var value = take(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        var text = value.get();
        if (!NUMBER.matcher(text).matches() || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw bad(key, text, "a whole number from " + min + " to " + max);
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    Optional<Duration> duration(String key, Duration max) {
        return take(key).map(text -> {
            var expected = "a duration such as 200ms, 2s or 1m, of at most " + max.toSeconds() + "s";
            var match = DURATION.matcher(text);
            if (!match.matches()) {
                throw bad(key, text, expected);
            }
            var duration = unit(match.group(2)).multipliedBy(Long.parseLong(match.group(1)));
            if (duration.compareTo(max) > 0) {
                throw bad(key, text, expected);
            }
            return duration;
        });
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            default -> throw new IllegalStateException("the pattern lets no unit '" + name + "' pass");
        };
    }

    Optional<String> name(String key, Predicate<String> form) {
        return take(key).map(text -> {
            if (!form.test(text)) {
                throw bad(key, text, "a name of at most 100 letters, digits and . _ : / -");
            }
            return text;
        });
    }

    boolean flag(String key) {
        var value = take(key);
        if (value.isPresent() && !value.get().equals(FLAG)) {
            throw bad(key, value.get(), "the word alone, without a value");
        }
        return value.isPresent();
    }

    /** To be called when every known word has been read. */
    void refuseUnread() {
        if (!unread.isEmpty()) {
            var word = unread.keySet().iterator().next();
            throw bad(shown(word), "expected one of " + String.join(", ", known));
        }
    }

    private Optional<String> take(String key) {
        known.add(key);
        return Optional.ofNullable(unread.remove(key));
    }

    private static InvalidRequestException bad(String key, String value, String expected) {
        return bad(key, "expected " + expected + ", was '" + shown(value) + "'");
    }

    static InvalidRequestException bad(String key, String problem) {
        return new InvalidRequestException(ProviderError.invalid(
                shown(key),
                "invalid_simulate_directive",
                "Invalid simulate directive, word '" + shown(key) + "': " + problem + "."));
    }

    private static String shown(String text) {
        return text.length() > SHOWN_LENGTH_MAX ? text.substring(0, SHOWN_LENGTH_MAX) + "…" : text;
    }
}
