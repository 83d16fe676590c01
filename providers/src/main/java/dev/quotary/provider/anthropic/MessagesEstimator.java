package dev.quotary.provider.anthropic;

import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimate;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.text.PromptCount;

/**
 * Estimates a message by OpenAI's {@code o200k_base}, since Anthropic publishes no vocabulary: Claude counts about 15 % more tokens for
 * the same text, since 4.7 about 50 %. What it writes is mostly prose, for which 30 % more was measured. Images and documents count a tenth
 * of their bound, which is what common ones come to.
 */
final class MessagesEstimator implements UsageEstimator {
    static final int OUTPUT_PERCENT = 130;

    /** What stands around a message, and around all of them. */
    private static final int TOKENS_PER_MESSAGE = 4;

    private static final int MEDIA_SHARE = 10;

    private final MessagesEstimating shared;
    private final RequestFacts facts;
    private final byte[] beginning;

    /** @param beginning of the request's body, or all of it */
    MessagesEstimator(MessagesEstimating shared, RequestFacts facts, byte[] beginning) {
        this.shared = shared;
        this.facts = facts;
        this.beginning = beginning;
    }

    @Override
    public UsageEstimate estimate(OutputText output) {
        Encoding encoding = shared.tokenizers().of("o200k");
        PromptCount prompt = PromptTokens.count(shared.json(), beginning, encoding);
        InputBound bound = facts.input();
        long promptBytes = prompt.complete() ? prompt.countedBytes() : bound.textBytes();
        long promptText = PromptCount.projected(prompt.tokens(), prompt.countedBytes(), promptBytes);
        int percent = ClaudeModel.of(facts.model()).inputPercent();
        long framing = TOKENS_PER_MESSAGE * (bound.messages() + 1L);
        long input = percentOf(promptText, percent) + framing + bound.mediaTokens() / MEDIA_SHARE;
        long written =
                PromptCount.projected(encoding.countTokensOrdinary(output.kept()), output.keptBytes(), output.bytes());
        return new UsageEstimate(
                TokenUsage.of(bounded(input), bounded(percentOf(written, OUTPUT_PERCENT))),
                encoding.getName(),
                !prompt.complete() || output.keptBytes() < output.bytes());
    }

    private static long percentOf(long tokens, int percent) {
        return Math.ceilDiv(tokens * percent, 100);
    }

    private static long bounded(long tokens) {
        return Math.min(tokens, TokenUsage.TOKENS_MAX);
    }
}
