package dev.quotary.price;

/**
 * What one call used that is no tokens and is charged for all the same. All counts are 0 to {@link TokenUsage#TOKENS_MAX}; totals of
 * tokens never include them.
 *
 * @param webSearches billable web searches, or grounded prompts: see {@link Component#WEB_SEARCHES}
 * @param searchQueries queries of searches
 * @param fileSearches searches of files kept at the provider
 * @param audioSeconds seconds of audio, rounded up where the provider reports fractions
 * @param images images made
 * @param characters characters read or written
 * @param requests calls, counted where a price row charges for the call itself
 */
public record Fees(
        long webSearches,
        long searchQueries,
        long fileSearches,
        long audioSeconds,
        long images,
        long characters,
        long requests) {
    public static final Fees NONE = new Fees(0, 0, 0, 0, 0, 0, 0);

    public Fees {
        check(Component.WEB_SEARCHES, webSearches);
        check(Component.SEARCH_QUERIES, searchQueries);
        check(Component.FILE_SEARCHES, fileSearches);
        check(Component.AUDIO_SECONDS, audioSeconds);
        check(Component.IMAGES, images);
        check(Component.CHARACTERS, characters);
        check(Component.REQUESTS, requests);
    }

    private static void check(Component fee, long count) {
        if (count < 0 || count > TokenUsage.TOKENS_MAX) {
            throw new IllegalArgumentException(
                    "expected 0.." + TokenUsage.TOKENS_MAX + " " + fee.key() + ", was " + count);
        }
    }

    /** So much of one fee and nothing else. */
    public static Fees of(Component fee, long count) {
        return TokenUsage.builder().set(fee, count).build().fees();
    }

    /** Whether nothing was used. */
    public boolean none() {
        return equals(NONE);
    }

    /** The count of one fee; 0 for a component that is none. */
    public long of(Component component) {
        return switch (component) {
            case WEB_SEARCHES -> webSearches;
            case SEARCH_QUERIES -> searchQueries;
            case FILE_SEARCHES -> fileSearches;
            case AUDIO_SECONDS -> audioSeconds;
            case IMAGES -> images;
            case CHARACTERS -> characters;
            case REQUESTS -> requests;
            case INPUT,
                    CACHED_INPUT,
                    CACHE_WRITE_5M,
                    CACHE_WRITE_1H,
                    INPUT_AUDIO,
                    INPUT_IMAGE,
                    OUTPUT,
                    OUTPUT_AUDIO,
                    OUTPUT_IMAGE -> 0;
        };
    }

    /** The same with another count of one fee. */
    public Fees with(Component fee, long count) {
        return TokenUsage.NONE.with(this).with(fee, count).fees();
    }
}
