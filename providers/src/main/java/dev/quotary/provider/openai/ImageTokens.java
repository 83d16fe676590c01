package dev.quotary.provider.openai;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;

/** The tokens of a model that makes images, as its own API and the tool of responses report them. */
public final class ImageTokens {
    private ImageTokens() {}

    /**
     * Reads them, and notes in the tree what is wrong with them. What was read from the cache counts first against text, which is what
     * repeats.
     *
     * @param prefix of their paths, with its dot if it has one
     */
    public static TokenUsage read(UsageTree usage, String prefix) {
        long input = usage.count(prefix + "input_tokens");
        long output = usage.count(prefix + "output_tokens");
        long total = usage.has(prefix + "total_tokens") ? usage.count(prefix + "total_tokens") : input + output;
        long images = usage.count(prefix + "input_tokens_details.image_tokens");
        long cached =
                usage.count(prefix + "cached_tokens") + usage.count(prefix + "input_tokens_details.cached_tokens");
        boolean split = usage.has(prefix + "output_tokens_details.text_tokens");
        long text = split ? usage.count(prefix + "output_tokens_details.text_tokens") : 0;
        if (images > input || cached > input || text > output || total != input + output) {
            usage.wrong("the parts of " + prefix + "total_tokens do not add up");
            return TokenUsage.NONE;
        }
        long uncachedImages = Math.min(images, input - cached);
        return TokenUsage.builder()
                .set(Component.INPUT, input - cached - uncachedImages)
                .set(Component.CACHED_INPUT, cached)
                .set(Component.INPUT_IMAGE, uncachedImages)
                .set(Component.OUTPUT, text)
                .set(Component.OUTPUT_IMAGE, output - text)
                .build();
    }
}
