package dev.quotary.http;

import java.util.Locale;

/** Stable codes of every problem that the API answers with. A code never changes its meaning or its status. */
public enum ErrorCode {
    INVALID_REQUEST(400, "Invalid request"),
    UNAUTHENTICATED(401, "API key missing or not valid"),
    USAGE_LIMIT_EXCEEDED(402, "Usage limit exceeded"),
    FORBIDDEN(403, "Not allowed with this API key"),
    SUBJECT_BLOCKED(403, "Subject blocked"),
    NOT_FOUND(404, "Not found"),
    SUBJECT_UNKNOWN(404, "Subject unknown"),
    RESERVATION_UNKNOWN(404, "Reservation unknown"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    IDEMPOTENCY_MISMATCH(409, "Id used before with other content"),
    RESERVATION_CLOSED(409, "Reservation settled or released"),
    BODY_TOO_LARGE(413, "Request body too large"),
    UNSUPPORTED_ENCODING(415, "Content encoding not supported"),
    MODEL_NOT_PRICED(422, "Model has no price"),
    RATE_LIMIT_EXCEEDED(429, "Rate limit exceeded"),
    INTERNAL(500, "Internal error"),
    NOT_METERABLE(501, "Cannot be metered"),
    STORE_UNAVAILABLE(503, "Store unavailable"),
    PROVIDER_UNREACHABLE(502, "Provider unreachable"),
    PROVIDER_TIMEOUT(504, "Provider timed out");

    private final int status;
    private final String title;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The problem's {@code type}. */
    public String type() {
        return "https://quotary.dev/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
