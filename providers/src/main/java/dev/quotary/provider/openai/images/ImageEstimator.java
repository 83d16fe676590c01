package dev.quotary.provider.openai.images;

import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimate;
import dev.quotary.provider.UsageEstimator;

/**
 * Estimates a call for images that did not tell its usage: as many as were asked for, of a common size where the model counts tokens.
 */
record ImageEstimator(RequestFacts facts) implements UsageEstimator {
    /** A square image of medium quality of gpt-image-1. */
    private static final long TOKENS_PER_IMAGE = 1_056;

    private static final int MEDIA_SHARE = 10;
    private static final int BYTES_PER_TOKEN = 4;

    @Override
    public UsageEstimate estimate(OutputText output) {
        long images = facts.feesMax().images();
        boolean perImage = facts.output().perChoiceMax().orElse(0) == 0;
        var tokens = perImage
                ? TokenUsage.NONE.with(Component.IMAGES, images)
                : TokenUsage.builder()
                        .set(Component.INPUT, Math.ceilDiv(facts.input().textBytes(), BYTES_PER_TOKEN))
                        .set(Component.INPUT_IMAGE, facts.input().mediaTokens() / MEDIA_SHARE)
                        .set(Component.OUTPUT_IMAGE, TOKENS_PER_IMAGE * images)
                        .build();
        return new UsageEstimate(tokens, "none", true);
    }
}
