package dev.quotary.sql;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The counts of a usage that have no column of their own, as {@link Words}: few calls have any. */
final class MoreUsage {
    private static final List<Component> WITH_COLUMNS = List.of(
            Component.INPUT,
            Component.CACHED_INPUT,
            Component.CACHE_WRITE_5M,
            Component.CACHE_WRITE_1H,
            Component.INPUT_AUDIO,
            Component.OUTPUT,
            Component.OUTPUT_AUDIO);
    private static final List<Component> WITHOUT = List.of(Component.values()).stream()
            .filter(component -> !WITH_COLUMNS.contains(component))
            .toList();

    private MoreUsage() {}

    /** Null where there are none. */
    static @Nullable String text(TokenUsage tokens) {
        var words = new LinkedHashMap<String, String>();
        for (var component : WITHOUT) {
            if (tokens.of(component) > 0) {
                words.put(component.key(), Long.toString(tokens.of(component)));
            }
        }
        return Words.of(words);
    }

    /** A usage without the counts that have no column. */
    static TokenUsage ofColumns(TokenUsage tokens) {
        var usage = tokens;
        for (var component : WITHOUT) {
            usage = usage.of(component) == 0 ? usage : usage.with(component, 0);
        }
        return usage;
    }

    /** A usage with the counts of its columns, and those of a text. */
    static TokenUsage add(TokenUsage ofColumns, @Nullable String text) {
        var usage = ofColumns;
        for (var word : Words.parse(text).entrySet()) {
            usage = usage.with(component(word.getKey()), Long.parseLong(word.getValue()));
        }
        return usage;
    }

    static Component component(String key) {
        return Component.ofKey(key)
                .orElseThrow(() -> new IllegalStateException("the ledger names the unknown component '" + key + "'"));
    }
}
