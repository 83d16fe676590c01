package dev.quotary.provider.anthropic;

import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;
import java.util.Arrays;

/** Makes the estimators of calls; what they share is here. May be shared by threads. */
final class MessagesEstimating {
    /** So much of a request is kept for its estimate and counted; the rest is taken to be like it. */
    static final int REQUEST_BYTES_MAX = 256 * 1024;

    private final Json json;
    private final Tokenizers tokenizers;

    MessagesEstimating(Json json, Tokenizers tokenizers) {
        this.json = json;
        this.tokenizers = tokenizers;
    }

    UsageEstimator estimator(byte[] body, RequestFacts facts) {
        byte[] beginning = body.length <= REQUEST_BYTES_MAX ? body : Arrays.copyOf(body, REQUEST_BYTES_MAX);
        return new MessagesEstimator(this, facts, beginning);
    }

    Json json() {
        return json;
    }

    Tokenizers tokenizers() {
        return tokenizers;
    }
}
