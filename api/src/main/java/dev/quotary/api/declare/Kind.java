package dev.quotary.api.declare;

import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Value;
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

    /** Whether its things have a key of their own; what tells the others apart is made of several members. */
    public boolean named() {
        return switch (this) {
            case METER, PLAN, ORGANIZATION, SUBJECT -> true;
            case PRICE, PRICE_ADJUSTMENT, UNKNOWN_MODELS -> false;
        };
    }

    /** What tells a thing of this kind apart from others, as its members say it. */
    public String keyOf(Value value) {
        return switch (this) {
            case METER, PLAN, ORGANIZATION, SUBJECT ->
                value.fields().need("key").string();
            case PRICE -> PriceReader.key(value);
            case PRICE_ADJUSTMENT -> AdjustmentReader.key(value);
            case UNKNOWN_MODELS -> "price";
        };
    }

    /** Whether a stored document is one of these; API keys, for one, are not. */
    static boolean has(Document document) {
        return has(document.kind());
    }

    static boolean has(String stored) {
        return Stream.of(values()).anyMatch(kind -> kind.key().equals(stored));
    }

    static Kind of(String stored) {
        return valueOf(stored.toUpperCase(Locale.ROOT));
    }
}
