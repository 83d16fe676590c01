package dev.quotary.provider.gemini;

import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimate;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.text.PromptCount;
import java.util.Arrays;

/**
 * Estimates a call with OpenAI's newest vocabulary, of whose tokens Gemini's own needs up to 1.35 times as many for text (measured; for
 * digits and the like up to three times). The parts that have no text count a tenth of their bound.
 *
 * @param beginning of the request's body, or all of it
 */
@SuppressWarnings("ArrayRecordComponent") // The client's own bytes: never compared, and never changed.
record GeminiEstimator(GeminiContext context, byte[] beginning, RequestFacts facts) implements UsageEstimator {
    /** So much of a request is kept for its estimate and counted; the rest is taken to be like it. */
    static final int REQUEST_BYTES_MAX = 256 * 1024;

    private static final String VOCABULARY = "o200k";
    private static final int PERCENT = 135;
    private static final int TOKENS_PER_CONTENT = 3;
    private static final int MEDIA_SHARE = 10;

    static GeminiEstimator of(GeminiContext context, byte[] body, RequestFacts facts) {
        byte[] beginning = body.length <= REQUEST_BYTES_MAX ? body : Arrays.copyOf(body, REQUEST_BYTES_MAX);
        return new GeminiEstimator(context, beginning, facts);
    }

    @Override
    public UsageEstimate estimate(OutputText output) {
        Encoding encoding = context.tokenizers().of(VOCABULARY);
        PromptCount prompt = PromptTexts.count(context.json(), beginning, encoding);
        InputBound bound = facts.input();
        long promptBytes = prompt.complete() ? prompt.countedBytes() : bound.textBytes();
        long framing = TOKENS_PER_CONTENT * (long) bound.messages();
        long input = adapted(PromptCount.projected(prompt.tokens(), prompt.countedBytes(), promptBytes))
                + framing
                + bound.mediaTokens() / MEDIA_SHARE;
        long written =
                PromptCount.projected(encoding.countTokensOrdinary(output.kept()), output.keptBytes(), output.bytes());
        return new UsageEstimate(
                TokenUsage.of(bounded(Math.min(input, bound.tokensMax())), bounded(adapted(written))),
                encoding.getName(),
                !prompt.complete() || output.keptBytes() < output.bytes());
    }

    private static long adapted(long tokens) {
        return Math.ceilDiv(tokens * PERCENT, 100);
    }

    private static long bounded(long tokens) {
        return Math.min(tokens, TokenUsage.TOKENS_MAX);
    }
}
