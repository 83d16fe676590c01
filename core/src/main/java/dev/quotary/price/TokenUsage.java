package dev.quotary.price;

/**
 * The tokens of one call in disjoint buckets: every token is in exactly one of them, except that {@code reasoning} repeats a part of
 * {@code output} for information. All counts are 0 or more.
 *
 * @param input prompt tokens that were neither read from nor written to a cache, and are not audio
 * @param cachedInput prompt tokens read from the provider's cache
 * @param cacheWrite5m prompt tokens written with the default cache life
 * @param cacheWrite1h prompt tokens written with the long cache life
 * @param inputAudio audio tokens of the prompt
 * @param output everything the model wrote but audio, reasoning included
 * @param outputAudio audio tokens the model wrote
 * @param reasoning the part of {@code output} that was reasoning
 */
public record TokenUsage(
        long input,
        long cachedInput,
        long cacheWrite5m,
        long cacheWrite1h,
        long inputAudio,
        long output,
        long outputAudio,
        long reasoning) {
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0, 0, 0, 0);

    /** Largest count a bucket may carry; provider answers beyond it are taken for broken. */
    public static final long TOKENS_MAX = 1_000_000_000_000L;

    public TokenUsage {
        check("input", input);
        check("cached_input", cachedInput);
        check("cache_write_5m", cacheWrite5m);
        check("cache_write_1h", cacheWrite1h);
        check("input_audio", inputAudio);
        check("output", output);
        check("output_audio", outputAudio);
        check("reasoning", reasoning);
        if (reasoning > output) {
            throw new IllegalArgumentException("reasoning tokens are part of output: " + reasoning + " > " + output);
        }
    }

    private static void check(String bucket, long tokens) {
        if (tokens < 0 || tokens > TOKENS_MAX) {
            throw new IllegalArgumentException("expected 0.." + TOKENS_MAX + " " + bucket + " tokens, was " + tokens);
        }
    }

    /** Usage without caches, audio or reasoning. */
    public static TokenUsage of(long input, long output) {
        return new TokenUsage(input, 0, 0, 0, 0, output, 0, 0);
    }

    /** All tokens of the prompt: what long-context thresholds and limits on {@code tokens.input} count. */
    public long totalInput() {
        return input + cachedInput + cacheWrite5m + cacheWrite1h + inputAudio;
    }

    /** All tokens the model wrote: what limits on {@code tokens.output} count. */
    public long totalOutput() {
        return output + outputAudio;
    }

    /** The count of one priced bucket. */
    public long of(Component component) {
        return switch (component) {
            case INPUT -> input;
            case CACHED_INPUT -> cachedInput;
            case CACHE_WRITE_5M -> cacheWrite5m;
            case CACHE_WRITE_1H -> cacheWrite1h;
            case INPUT_AUDIO -> inputAudio;
            case OUTPUT -> output;
            case OUTPUT_AUDIO -> outputAudio;
        };
    }
}
