package dev.quotary.provider.openai;

import dev.quotary.provider.InputBound;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;
import java.util.Arrays;

/** Makes the estimators of calls; what they share is here. May be shared by threads. */
final class ChatEstimating {
    /** So much of a request is kept for its estimate and counted; the rest is taken to be like it. */
    static final int REQUEST_BYTES_MAX = 256 * 1024;

    /** Tokens beyond the tenth: a short text may differ by more. */
    private static final int COUNT_MARGIN = 20;

    private final Json json;
    private final Tokenizers tokenizers;
    private final int percent;

    ChatEstimating(Json json, Tokenizers tokenizers, ChatDialect dialect) {
        this.json = json;
        this.tokenizers = tokenizers;
        this.percent = dialect.estimatePercent();
    }

    UsageEstimator estimator(byte[] body, RequestFacts facts) {
        return new ChatEstimator(this, facts, beginning(body));
    }

    /** What was counted, with a tenth more for what a vocabulary newer than ours may add; what was not counted stays at its bytes. */
    InputBound counted(byte[] body, RequestFacts facts) {
        var prompt = PromptTokens.count(json, beginning(body), tokenizers.of(facts.model()));
        long uncounted = Math.max(0, facts.input().textBytes() - prompt.countedBytes());
        return facts.input().withText(Math.ceilDiv(prompt.tokens() * 11, 10) + COUNT_MARGIN + uncounted);
    }

    private static byte[] beginning(byte[] body) {
        return body.length <= REQUEST_BYTES_MAX ? body : Arrays.copyOf(body, REQUEST_BYTES_MAX);
    }

    Json json() {
        return json;
    }

    Tokenizers tokenizers() {
        return tokenizers;
    }

    int percent() {
        return percent;
    }
}
