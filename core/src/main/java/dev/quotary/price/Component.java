package dev.quotary.price;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A class of tokens or fees that has a price of its own. The classes of one call never overlap. */
public enum Component {
    INPUT(Side.PROMPT),
    CACHED_INPUT(Side.PROMPT),
    /** Written to the provider's cache with its default life (5 minutes at Anthropic, 30 at OpenAI). */
    CACHE_WRITE_5M(Side.PROMPT),
    /** Written to the provider's cache with its long life (1 hour at Anthropic, 12 at OpenAI). */
    CACHE_WRITE_1H(Side.PROMPT),
    INPUT_AUDIO(Side.PROMPT),
    /** Image tokens of a prompt where the provider tells and prices them apart from text. */
    INPUT_IMAGE(Side.PROMPT),
    /** Everything the model wrote, reasoning included, but audio and images. */
    OUTPUT(Side.WRITTEN),
    OUTPUT_AUDIO(Side.WRITTEN),
    OUTPUT_IMAGE(Side.WRITTEN),
    /** Web searches as they are billed: each one (OpenAI, Anthropic), or each prompt that was grounded with some (Gemini 2). */
    WEB_SEARCHES(Side.FEE),
    /** Queries that searches consisted of (Gemini 3). */
    SEARCH_QUERIES(Side.FEE),
    /** Calls of a tool that searches files kept at the provider. */
    FILE_SEARCHES(Side.FEE),
    /** Whole seconds of audio, read or written. */
    AUDIO_SECONDS(Side.FEE),
    /** Images made. */
    IMAGES(Side.FEE),
    /** Characters of text read or written. */
    CHARACTERS(Side.FEE),
    /** The call itself, where it has a price whatever it uses. */
    REQUESTS(Side.FEE);

    /** Those that are tokens. */
    public static final List<Component> TOKENS =
            Stream.of(values()).filter(Component::token).toList();

    /** Those that are no tokens. */
    public static final List<Component> FEES =
            Stream.of(values()).filter(component -> !component.token()).toList();

    private enum Side {
        PROMPT,
        WRITTEN,
        FEE
    }

    private final Side side;
    private final String key;

    Component(Side side) {
        this.side = side;
        this.key = name().toLowerCase(Locale.ROOT);
    }

    /** Whether its units are tokens of the prompt. */
    public boolean prompt() {
        return side == Side.PROMPT;
    }

    /** Whether its units are tokens that the model wrote. */
    public boolean written() {
        return side == Side.WRITTEN;
    }

    /** Whether its units are tokens, of the prompt or written; the others are {@link Fees}. */
    public boolean token() {
        return side != Side.FEE;
    }

    /** The name in JSON, SQL and receipts, such as {@code cached_input}. */
    public String key() {
        return key;
    }

    /** The component of a {@link #key}. */
    public static Optional<Component> ofKey(String key) {
        return Stream.of(values())
                .filter(component -> component.key.equals(key))
                .findFirst();
    }
}
