package dev.quotary.provider.openai;

import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimate;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.text.PromptCount;
import java.util.Set;

/** Estimates a call by the texts of its request and of its answer, and a tenth of the bound of what is no text. */
final class TextEstimator implements UsageEstimator {
    private static final int MEDIA_SHARE = 10;

    private final ChatEstimating shared;
    private final RequestFacts facts;
    private final byte[] beginning;
    private final Set<String> members;

    /** @param beginning of the request's body, or all of it */
    TextEstimator(ChatEstimating shared, RequestFacts facts, byte[] beginning, Set<String> members) {
        this.shared = shared;
        this.facts = facts;
        this.beginning = beginning;
        this.members = members;
    }

    @Override
    public UsageEstimate estimate(OutputText output) {
        Encoding encoding = shared.tokenizers().of(facts.model());
        TextTokens texts = TextTokens.count(shared.json(), beginning, encoding, members);
        long bytes = texts.complete() ? texts.countedBytes() : facts.input().textBytes();
        long read = shared.adapted(PromptCount.projected(texts.tokens(), texts.countedBytes(), bytes));
        long media = facts.input().mediaTokens() / MEDIA_SHARE;
        long input = Math.min(read + texts.given() + media, TokenUsage.TOKENS_MAX);
        return new UsageEstimate(
                TokenUsage.of(input, shared.written(output, encoding)),
                encoding.getName(),
                !texts.complete() || output.keptBytes() < output.bytes());
    }
}
