package dev.quotary.api.declare;

import dev.quotary.catalog.CatalogStore.Document;
import java.util.Locale;
import java.util.stream.Stream;

/** What can be declared, in the order in which it is read: later kinds refer to earlier ones. */
public enum Kind {
    METER,
    PLAN,
    ORGANIZATION,
    SUBJECT,
    PRICE,
    PRICE_ADJUSTMENT,
    UNKNOWN_MODELS;

    /** The name in storage and in answers. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a stored document is one of these; API keys, for one, are not. */
    static boolean has(Document document) {
        return Stream.of(values()).anyMatch(kind -> kind.key().equals(document.kind()));
    }

    static Kind of(Document document) {
        return valueOf(document.kind().toUpperCase(Locale.ROOT));
    }
}
