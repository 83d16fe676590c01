package dev.quotary.provider;

/** Why a call ends with an error of ours instead of the provider's answer. */
public enum Refusal {
    INVALID_REQUEST(400),
    UNAUTHENTICATED(401),
    /** A hard limit. 402, because no official SDK repeats a call after it; after a 429 they all do. */
    QUOTA_EXHAUSTED(402),
    /** A hard limit whose operator wants it to look like a rate, for clients that know no other exception. It is not to be repeated. */
    QUOTA_AS_RATE(429),
    FORBIDDEN(403),
    MODEL_UNKNOWN(404),
    TOO_LARGE(413),
    /** A rate of calls: the same call passes later. */
    REQUESTS_THROTTLED(429),
    /** A rate of tokens: the same call passes later. */
    TOKENS_THROTTLED(429),
    INTERNAL(500),
    PROVIDER_FAILED(502),
    UNAVAILABLE(503),
    PROVIDER_SLOW(504);

    private final int status;

    Refusal(int status) {
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
