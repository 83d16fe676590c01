package dev.quotary.provider;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Headers that tell an SDK whether and when to repeat a refused call, as those of OpenAI and Anthropic take them. They repeat a call after
 * 429 and 5xx unless told not to; a call refused for good or for long must not come again.
 */
public final class RetryAdvice {
    /** A caller sits out half a minute; beyond it an SDK that sleeps as long as it is told would look hung. */
    private static final long PATIENCE_MILLIS = 30_000;

    private static final String RETRY = "x-should-retry";

    private RetryAdvice() {}

    /** Of a refused call. */
    public static Map<String, String> headers(Refusal kind) {
        return switch (kind) {
            case INVALID_REQUEST,
                    UNAUTHENTICATED,
                    QUOTA_EXHAUSTED,
                    QUOTA_AS_RATE,
                    FORBIDDEN,
                    MODEL_UNKNOWN,
                    TOO_LARGE,
                    UNAVAILABLE -> Map.of(RETRY, "false");
            case REQUESTS_THROTTLED, TOKENS_THROTTLED, INTERNAL, PROVIDER_FAILED, PROVIDER_SLOW -> Map.of();
        };
    }

    /** Of a call that passes later. */
    public static Map<String, String> headers(Throttle throttle) {
        long millis = throttle.retryInMillis();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("retry-after", Long.toString(Math.ceilDiv(millis, 1000)));
        headers.put("retry-after-ms", Long.toString(millis));
        if (millis > PATIENCE_MILLIS) {
            headers.put(RETRY, "false");
        }
        return Collections.unmodifiableMap(headers);
    }
}
