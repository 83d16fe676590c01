package dev.quotary.server.config;

import dev.quotary.http.Fields;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads texts of one section of the configuration: the environment wins over the file, and {@code ${NAME}} in the file stands for the
 * variable of that name.
 */
final class Settings {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final String PREFIX = "QUOTARY_";

    private final String section;
    private final Optional<Fields> fields;
    private final Map<String, String> environment;

    Settings(String section, Optional<Value> value, Map<String, String> environment) {
        this.section = section;
        this.fields = value.map(Value::fields);
        this.environment = environment;
    }

    /** The text of a key; empty if neither the environment nor the file has it, or the variables in it are not set. */
    Optional<String> text(String key) {
        var written = fields.flatMap(members -> members.find(key));
        var fromEnvironment = environment.get(variable(key));
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return Optional.of(fromEnvironment);
        }
        return written.flatMap(value -> expanded(value.scalar()));
    }

    /**
     * The texts of a key that may have several, as a list in the file and with commas between them in the environment. Those with variables
     * that are not set are left out.
     */
    List<String> texts(String key) {
        var written = fields.flatMap(members -> members.find(key));
        var fromEnvironment = environment.get(variable(key));
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return Arrays.stream(fromEnvironment.split(","))
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .toList();
        }
        return written.map(Value::oneOrMany).orElse(List.of()).stream()
                .flatMap(value -> expanded(value.scalar()).stream())
                .toList();
    }

    /** As {@link #texts(String)}, of texts that mean something. */
    <T> List<T> texts(String key, Reader<T> reader) {
        try {
            return texts(key).stream().map(reader::read).toList();
        } catch (IllegalArgumentException e) {
            throw wrong(key, String.valueOf(e.getMessage()));
        }
    }

    /** The settings under a key, which may be absent. */
    Settings section(String key) {
        return new Settings(section + "." + key, fields.flatMap(members -> members.find(key)), environment);
    }

    /** The settings of each item of a list. */
    List<Settings> sections(String key) {
        var items = fields.map(members -> members.items(key)).orElse(List.of());
        return IntStream.range(0, items.size())
                .mapToObj(i -> new Settings(section + "." + key + "." + i, Optional.of(items.get(i)), environment))
                .toList();
    }

    /** Whether anything is said here: in the file, or in the environment. */
    boolean said() {
        var beginning = variable("");
        return fields.isPresent() || environment.keySet().stream().anyMatch(name -> name.startsWith(beginning));
    }

    /** A text that means something; what the reader refuses is told with the place or the variable that it came from. */
    <T> Optional<T> text(String key, Reader<T> reader) {
        return text(key).map(text -> {
            try {
                return reader.read(text);
            } catch (IllegalArgumentException e) {
                throw wrong(key, String.valueOf(e.getMessage()));
            }
        });
    }

    /** Turns text into a value, or refuses it with an {@link IllegalArgumentException} that says what was expected. */
    interface Reader<T> {
        T read(String text);
    }

    InvalidInputException wrong(String key, String expected) {
        if (environment.containsKey(variable(key))) {
            return new InvalidInputException("", 0, variable(key) + ": " + expected);
        }
        return fields.flatMap(members -> members.find(key))
                .map(value -> value.wrong(expected))
                .orElseGet(() -> new InvalidInputException("/" + section.replace('.', '/') + "/" + key, 0, expected));
    }

    void done() {
        fields.ifPresent(Fields::done);
    }

    /** The environment variable of a key: {@code QUOTARY_SERVER_PORT} for {@code server.port}. */
    private String variable(String key) {
        return PREFIX + (section + "_" + key).replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private Optional<String> expanded(String text) {
        Matcher matcher = VARIABLE.matcher(text);
        var result = new StringBuilder();
        while (matcher.find()) {
            var value = environment.get(matcher.group(1));
            if (value == null || value.isBlank()) {
                return Optional.empty();
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return Optional.of(matcher.appendTail(result).toString());
    }
}
