package dev.quotary.provider.anthropic;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a model's generation decides: since 4.7 Claude has a vocabulary that counts about 30 % more tokens for the same text, and sees
 * larger images. A name that tells no generation is taken for the newest, which counts more.
 */
enum ClaudeModel {
    BEFORE_4_7(1_700, 300_000, 115),
    SINCE_4_7(5_000, 1_000_000, 150);

    /** {@code claude-opus-4-7}, {@code claude-sonnet-4-5-20250929}, {@code claude-opus-5}, {@code claude-3-5-sonnet}. */
    private static final Pattern VERSION =
            Pattern.compile("claude-(?:[a-z]+-)?([0-9]{1,2})(?:[.-]([0-9]{1,2}))?(?![0-9])");

    private final long imageTokensMax;
    private final long fileTokensMax;
    private final int inputPercent;

    /**
     * @param imageTokensMax of one image
     * @param fileTokensMax of one document: a request takes 100 pages at 3,000 tokens, or where more pages are taken, what the longest
     *     context holds
     * @param inputPercent tokens per 100 of OpenAI's {@code o200k_base}, for estimates
     */
    ClaudeModel(long imageTokensMax, long fileTokensMax, int inputPercent) {
        this.imageTokensMax = imageTokensMax;
        this.fileTokensMax = fileTokensMax;
        this.inputPercent = inputPercent;
    }

    static ClaudeModel of(String model) {
        var version = VERSION.matcher(model.toLowerCase(Locale.ROOT));
        if (!version.find()) {
            return SINCE_4_7;
        }
        int major = Integer.parseInt(version.group(1));
        int minor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
        return major > 4 || (major == 4 && minor >= 7) ? SINCE_4_7 : BEFORE_4_7;
    }

    long imageTokensMax() {
        return imageTokensMax;
    }

    long fileTokensMax() {
        return fileTokensMax;
    }

    int inputPercent() {
        return inputPercent;
    }
}
