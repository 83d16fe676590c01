package dev.quotary.price;

import java.util.Locale;

/** A class of tokens or fees that has a price of its own. The classes of one call never overlap. */
public enum Component {
    INPUT,
    CACHED_INPUT,
    /** Written to the provider's cache with its default life (5 minutes at Anthropic, 30 at OpenAI). */
    CACHE_WRITE_5M,
    /** Written to the provider's cache with its long life (1 hour at Anthropic, 12 at OpenAI). */
    CACHE_WRITE_1H,
    INPUT_AUDIO,
    /** Everything the model wrote, reasoning included. */
    OUTPUT,
    OUTPUT_AUDIO;

    /** Whether its units are part of the prompt; the others are written by the model. */
    public boolean prompt() {
        return switch (this) {
            case INPUT, CACHED_INPUT, CACHE_WRITE_5M, CACHE_WRITE_1H, INPUT_AUDIO -> true;
            case OUTPUT, OUTPUT_AUDIO -> false;
        };
    }

    /** The name in JSON, SQL and receipts, such as {@code cached_input}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
