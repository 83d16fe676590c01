package dev.quotary.price;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A circumstance of a call that multiplies its prices by a factor which each price row declares for itself. It is known from the answer;
 * a row that declares no factor for it has no price for such a call.
 */
public enum Modifier {
    /** Served faster, for more money (Anthropic's {@code speed}). */
    FAST,
    /** Computed in the United States only (Anthropic's {@code inference_geo}, OpenAI's data residency). */
    REGION_US,
    /** Computed in the European Union only. */
    REGION_EU;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, SQL and receipts, such as {@code region_us}. */
    public String key() {
        return key;
    }

    /** The modifier of a {@link #key}. */
    public static Optional<Modifier> ofKey(String key) {
        return Stream.of(values()).filter(modifier -> modifier.key.equals(key)).findFirst();
    }
}
