package dev.quotary.price;

import java.util.EnumMap;

/**
 * What one call used, in disjoint buckets: every token is in exactly one of them, except that {@code reasoning} repeats a part of
 * {@code output} for information. All counts are 0 to {@link #TOKENS_MAX}.
 *
 * @param input prompt tokens that were neither read from nor written to a cache, and are neither audio nor images that are priced apart
 * @param cachedInput prompt tokens read from the provider's cache
 * @param cacheWrite5m prompt tokens written with the default cache life
 * @param cacheWrite1h prompt tokens written with the long cache life
 * @param inputAudio audio tokens of the prompt
 * @param inputImage image tokens of the prompt, where they are priced apart
 * @param output everything the model wrote but audio and images, reasoning included
 * @param outputAudio audio tokens the model wrote
 * @param outputImage image tokens the model wrote
 * @param reasoning the part of {@code output} that was reasoning
 * @param fees what is no tokens
 */
public record TokenUsage(
        long input,
        long cachedInput,
        long cacheWrite5m,
        long cacheWrite1h,
        long inputAudio,
        long inputImage,
        long output,
        long outputAudio,
        long outputImage,
        long reasoning,
        Fees fees) {
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Fees.NONE);

    /** Largest count a bucket may carry; provider answers beyond it are taken for broken. */
    public static final long TOKENS_MAX = 1_000_000_000_000L;

    public TokenUsage {
        check("input", input);
        check("cached_input", cachedInput);
        check("cache_write_5m", cacheWrite5m);
        check("cache_write_1h", cacheWrite1h);
        check("input_audio", inputAudio);
        check("input_image", inputImage);
        check("output", output);
        check("output_audio", outputAudio);
        check("output_image", outputImage);
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

    /** Usage without caches, audio, images, reasoning or fees. */
    public static TokenUsage of(long input, long output) {
        return new TokenUsage(input, 0, 0, 0, 0, 0, output, 0, 0, 0, Fees.NONE);
    }

    /** Counts bucket by bucket; those not named are 0. */
    public static Builder builder() {
        return new Builder();
    }

    /** All tokens of the prompt: what long-context thresholds and limits on {@code tokens.input} count. */
    public long totalInput() {
        return input + cachedInput + cacheWrite5m + cacheWrite1h + inputAudio + inputImage;
    }

    /** All tokens the model wrote: what limits on {@code tokens.output} count. */
    public long totalOutput() {
        return output + outputAudio + outputImage;
    }

    /** The count of one priced bucket. */
    public long of(Component component) {
        return switch (component) {
            case INPUT -> input;
            case CACHED_INPUT -> cachedInput;
            case CACHE_WRITE_5M -> cacheWrite5m;
            case CACHE_WRITE_1H -> cacheWrite1h;
            case INPUT_AUDIO -> inputAudio;
            case INPUT_IMAGE -> inputImage;
            case OUTPUT -> output;
            case OUTPUT_AUDIO -> outputAudio;
            case OUTPUT_IMAGE -> outputImage;
            case WEB_SEARCHES, SEARCH_QUERIES, FILE_SEARCHES, AUDIO_SECONDS, IMAGES, CHARACTERS, REQUESTS ->
                fees.of(component);
        };
    }

    /**
     * The same with another count in one bucket.
     *
     * @throws IllegalArgumentException as the constructor
     */
    public TokenUsage with(Component component, long count) {
        return toBuilder().set(component, count).build();
    }

    /** The same with other fees. */
    TokenUsage with(Fees others) {
        var builder = toBuilder();
        for (var fee : Component.FEES) {
            builder.set(fee, others.of(fee));
        }
        return builder.build();
    }

    /**
     * Both together, bucket by bucket: for a call that the provider reports in several parts of one model.
     *
     * @throws IllegalArgumentException if a bucket is then over {@link #TOKENS_MAX}
     */
    public TokenUsage plus(TokenUsage other) {
        var builder = toBuilder().reasoning(reasoning + other.reasoning);
        for (var component : Builder.COMPONENTS) {
            builder.set(component, of(component) + other.of(component));
        }
        return builder.build();
    }

    private Builder toBuilder() {
        var builder = new Builder().reasoning(reasoning);
        for (var component : Builder.COMPONENTS) {
            builder.set(component, of(component));
        }
        return builder;
    }

    /** Gathers counts; not safe for several threads. What is wrong with them is told by {@link #build}. */
    public static final class Builder {
        private static final Component[] COMPONENTS = Component.values();

        private final EnumMap<Component, Long> counts = new EnumMap<>(Component.class);
        private long reasoning;

        private Builder() {}

        /** Replaces the count of a bucket. */
        public Builder set(Component component, long count) {
            counts.put(component, count);
            return this;
        }

        /** Replaces the part of {@link Component#OUTPUT} that was reasoning. */
        public Builder reasoning(long tokens) {
            reasoning = tokens;
            return this;
        }

        private long of(Component component) {
            return counts.getOrDefault(component, 0L);
        }

        /**
         * The usage so far.
         *
         * @throws IllegalArgumentException naming a bucket whose count is negative or over {@link TokenUsage#TOKENS_MAX}, or if more is
         *     reasoning than was written
         */
        public TokenUsage build() {
            return new TokenUsage(
                    of(Component.INPUT),
                    of(Component.CACHED_INPUT),
                    of(Component.CACHE_WRITE_5M),
                    of(Component.CACHE_WRITE_1H),
                    of(Component.INPUT_AUDIO),
                    of(Component.INPUT_IMAGE),
                    of(Component.OUTPUT),
                    of(Component.OUTPUT_AUDIO),
                    of(Component.OUTPUT_IMAGE),
                    reasoning,
                    fees());
        }

        private Fees fees() {
            long any = 0;
            for (var fee : Component.FEES) {
                any |= of(fee);
            }
            return any == 0
                    ? Fees.NONE
                    : new Fees(
                            of(Component.WEB_SEARCHES),
                            of(Component.SEARCH_QUERIES),
                            of(Component.FILE_SEARCHES),
                            of(Component.AUDIO_SECONDS),
                            of(Component.IMAGES),
                            of(Component.CHARACTERS),
                            of(Component.REQUESTS));
        }
    }
}
