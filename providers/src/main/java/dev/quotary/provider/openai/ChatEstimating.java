package dev.quotary.provider.openai;

import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;
import java.util.Arrays;

/** Makes the estimators of calls; what they share is here. May be shared by threads. */
final class ChatEstimating {
    /** So much of a request is kept for its estimate and counted; the rest is taken to be like it. */
    static final int REQUEST_BYTES_MAX = 256 * 1024;

    private final Json json;
    private final Tokenizers tokenizers;
    private final int percent;

    ChatEstimating(Json json, Tokenizers tokenizers, ChatDialect dialect) {
        this.json = json;
        this.tokenizers = tokenizers;
        this.percent = dialect.estimatePercent();
    }

    UsageEstimator estimator(byte[] body, RequestFacts facts) {
        byte[] beginning = body.length <= REQUEST_BYTES_MAX ? body : Arrays.copyOf(body, REQUEST_BYTES_MAX);
        return new ChatEstimator(this, facts, beginning);
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
