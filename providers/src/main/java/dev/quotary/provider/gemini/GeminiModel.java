package dev.quotary.provider.gemini;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a model tells about how much it reads.
 *
 * @param generation such as 3 of {@code gemini-3.5-flash}; empty for other names
 */
record GeminiModel(String name, OptionalInt generation) {
    /**
     * The most that a prompt can be where its length is not told by the request: a video, a file kept at the provider. A million tokens for
     * the generations known; twice that for all others, as one model of generation 1.5 had.
     */
    static final long CONTEXT_TOKENS = 1_048_576;

    private static final long CONTEXT_TOKENS_UNKNOWN = 2 * CONTEXT_TOKENS;

    /** An image at the highest resolution setting. */
    private static final long IMAGE_TOKENS = 2_240;

    /** Older models cut an image into tiles of 768 pixels at 258 tokens each: 64 of them are 37 megapixels. */
    private static final long IMAGE_TOKENS_TILED = 64 * 258;

    private static final int PER_QUERY_SINCE = 3;
    private static final Pattern GENERATION = Pattern.compile("gemini-([1-9][0-9]?)(?:[.-].*)?");

    static GeminiModel of(String name) {
        Matcher generation = GENERATION.matcher(name);
        return new GeminiModel(
                name,
                generation.matches() ? OptionalInt.of(Integer.parseInt(generation.group(1))) : OptionalInt.empty());
    }

    long contextTokens() {
        int known = generation.orElse(0);
        return known == 2 || known == 3 ? CONTEXT_TOKENS : CONTEXT_TOKENS_UNKNOWN;
    }

    long imageTokens() {
        return generation.orElse(0) >= PER_QUERY_SINCE ? IMAGE_TOKENS : IMAGE_TOKENS_TILED;
    }

    /** Whether searches may be billed by the query. */
    boolean billsQueries() {
        return generation.isEmpty() || generation.getAsInt() >= PER_QUERY_SINCE;
    }

    /** Whether searches may be billed by the prompt that they grounded; of unknown names both may be true, and the price book decides. */
    boolean billsGroundedPrompts() {
        return generation.isEmpty() || generation.getAsInt() < PER_QUERY_SINCE;
    }

    /** Whether it makes images unless told not to. */
    boolean draws() {
        return name.contains("image");
    }
}
