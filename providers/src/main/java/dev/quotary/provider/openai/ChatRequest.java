package dev.quotary.provider.openai;

import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimator;
import java.util.OptionalLong;

/** A chat completion request that was read. */
final class ChatRequest implements ProviderRequest {
    private final byte[] body;
    private final RequestFacts facts;
    private final ChatEdits edits;
    private final ChatEstimating estimating;

    ChatRequest(byte[] body, RequestFacts facts, ChatEdits edits, ChatEstimating estimating) {
        this.body = body;
        this.facts = facts;
        this.edits = edits;
        this.estimating = estimating;
    }

    @Override
    public RequestFacts facts() {
        return facts;
    }

    @Override
    public byte[] upstreamBody(OptionalLong outputTokensMax) {
        if (outputTokensMax.orElse(1) < 1) {
            throw new IllegalArgumentException("expected a cap of 1 or more tokens, was " + outputTokensMax);
        }
        return edits.apply(body, outputTokensMax);
    }

    @Override
    public UsageEstimator estimator() {
        return estimating.estimator(body, facts);
    }
}
