package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error as OpenAI words it.
 *
 * @param param the member of the request that is at fault, or null if none is
 * @param code the machine-readable reason, or null where OpenAI gives none
 */
record ProviderError(
        int status,
        String message,
        String type,
        @Nullable String param,
        @Nullable String code) {
    private static final String INVALID_REQUEST = "invalid_request_error";
    private static final String SERVER = "server_error";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    /** A request that is wrong in one member. */
    static ProviderError invalid(String param, String code, String message) {
        return new ProviderError(400, message, INVALID_REQUEST, param, code);
    }

    static ProviderError notJson() {
        return new ProviderError(
                400,
                "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library "
                        + "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
                INVALID_REQUEST,
                null,
                null);
    }

    static ProviderError missingKey() {
        return unauthorized(
                "You didn't provide an API key. You need to provide your API key in an Authorization header using "
                        + "Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
    }

    static ProviderError wrongKey() {
        return unauthorized("Incorrect API key provided.");
    }

    private static ProviderError unauthorized(String message) {
        return new ProviderError(401, message, INVALID_REQUEST, null, "invalid_api_key");
    }

    static ProviderError unknownPath(String method, String path) {
        return new ProviderError(404, "Invalid URL (" + method + " " + path + ")", INVALID_REQUEST, null, null);
    }

    static ProviderError wrongMethod(String method, String path) {
        return new ProviderError(
                405,
                "Not allowed to " + method + " on " + path
                        + ". (HINT: Perhaps you meant to use a different HTTP method?)",
                INVALID_REQUEST,
                null,
                "method_not_supported");
    }

    static ProviderError bodyTooLarge(int bytesMax) {
        return new ProviderError(
                413,
                "The request body is too large: expected at most " + bytesMax + " bytes.",
                INVALID_REQUEST,
                null,
                "request_too_large");
    }

    /** The error that a directive asked for. */
    static ProviderError simulated(int status) {
        return switch (status) {
            case 401 -> wrongKey();
            case 402 ->
                new ProviderError(
                        status,
                        "You exceeded your current quota, please check your plan and billing details.",
                        "insufficient_quota",
                        null,
                        "insufficient_quota");
            case 403 ->
                new ProviderError(
                        status,
                        "Country, region, or territory not supported",
                        "request_forbidden",
                        null,
                        "unsupported_country_region_territory");
            case 404 ->
                new ProviderError(
                        status,
                        "The model does not exist or you do not have access to it.",
                        INVALID_REQUEST,
                        null,
                        "model_not_found");
            case TOO_MANY_REQUESTS ->
                new ProviderError(
                        status,
                        "Rate limit reached for requests. Please try again in 1s.",
                        "requests",
                        null,
                        "rate_limit_exceeded");
            default ->
                status < SERVER_ERRORS
                        ? new ProviderError(status, "Simulated error " + status + ".", INVALID_REQUEST, null, null)
                        : overloaded(status);
        };
    }

    /** What a stream says that fails after it began. */
    static ProviderError midStream() {
        return overloaded(SERVER_ERRORS);
    }

    private static ProviderError overloaded(int status) {
        return new ProviderError(
                status, "The server had an error while processing your request. Sorry about that!", SERVER, null, null);
    }

    Map<String, String> headers() {
        return status == TOO_MANY_REQUESTS ? Map.of("retry-after", "1") : Map.of();
    }

    ObjectNode json() {
        var json = Json.object();
        json.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return json;
    }
}
