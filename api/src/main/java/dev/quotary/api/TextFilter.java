package dev.quotary.api;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The query parameter {@code q}: a text that must be in one of a few, whatever its case. */
record TextFilter(Optional<String> text) {
    static TextFilter of(Exchange exchange) {
        return new TextFilter(exchange.query("q").map(text -> text.toLowerCase(Locale.ROOT)));
    }

    boolean in(@Nullable String... texts) {
        return text.isEmpty()
                || Stream.of(texts)
                        .anyMatch(other ->
                                other != null && other.toLowerCase(Locale.ROOT).contains(text.get()));
    }
}
