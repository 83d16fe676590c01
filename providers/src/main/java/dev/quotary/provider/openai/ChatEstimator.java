package dev.quotary.provider.openai;

import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimate;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.text.PromptCount;

/**
 * Estimates a chat completion by OpenAI's published rule: 3 tokens per message, its role, its content, 1 more and the text of a name, and 3
 * that prime the answer; the answer by its text. The parts that have no text count a tenth of their bound, which is what a common photo,
 * clip or document comes to.
 */
final class ChatEstimator implements UsageEstimator {
    private static final int TOKENS_PER_MESSAGE = 3;
    private static final int TOKENS_PER_REPLY = 3;
    private static final int MEDIA_SHARE = 10;

    private final ChatEstimating shared;
    private final RequestFacts facts;
    private final byte[] beginning;

    /** @param beginning of the request's body, or all of it */
    ChatEstimator(ChatEstimating shared, RequestFacts facts, byte[] beginning) {
        this.shared = shared;
        this.facts = facts;
        this.beginning = beginning;
    }

    @Override
    public UsageEstimate estimate(OutputText output) {
        Encoding encoding = shared.tokenizers().of(facts.model());
        PromptCount prompt = PromptTokens.count(shared.json(), beginning, encoding);
        InputBound bound = facts.input();
        long promptBytes = prompt.complete() ? prompt.countedBytes() : bound.textBytes();
        long promptText = PromptCount.projected(prompt.tokens(), prompt.countedBytes(), promptBytes);
        long framing = TOKENS_PER_MESSAGE * (long) bound.messages() + TOKENS_PER_REPLY;
        long input = shared.adapted(promptText) + framing + bound.mediaTokens() / MEDIA_SHARE;
        return new UsageEstimate(
                TokenUsage.of(Math.min(input, TokenUsage.TOKENS_MAX), shared.written(output, encoding)),
                encoding.getName(),
                !prompt.complete() || output.keptBytes() < output.bytes());
    }
}
