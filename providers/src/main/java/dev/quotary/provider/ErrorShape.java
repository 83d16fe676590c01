package dev.quotary.provider;

import java.util.Map;
import java.util.function.Supplier;

/** Words refusals in a provider's own form, so that its SDKs raise their own exceptions. Immutable, pure formatting. */
public interface ErrorShape {
    /** The body of a refused call. */
    byte[] body(RefusalMessage message);

    /** The body of a throttled call; some providers tell there, too, how long to wait. */
    default byte[] body(RefusalMessage message, Throttle throttle) {
        return body(message);
    }

    /** What a hard limit is that is to be answered with 429: a provider whose SDKs repeat every 429 gets a 402 nevertheless. */
    default Refusal quotaAsRate() {
        return Refusal.QUOTA_AS_RATE;
    }

    /** The headers that tell an SDK whether to repeat a refused call; names in lower case. */
    Map<String, String> headers(Refusal kind);

    /** The headers of a throttled call; names in lower case. */
    Map<String, String> headers(Throttle throttle);

    /** The same for one request, where the provider names requests in its refusals. */
    default ErrorShape ofRequest(Supplier<String> id) {
        return this;
    }
}
