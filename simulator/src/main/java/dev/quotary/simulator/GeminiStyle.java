package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.Stamps.Stamp;
import java.time.Duration;
import java.util.Map;

/**
 * How Gemini's answers look.
 *
 * @param array whether an error is the only element of an array, as where a stream was asked for that is one
 */
record GeminiStyle(boolean array) implements Style {
    private static final int SERVER_ERRORS = 500;
    private static final String TYPE = "type.googleapis.com/google.rpc.";

    @Override
    public Map<String, String> headers(Stamp stamp, Duration processing) {
        return Map.of("server-timing", "gfet4t7; dur=" + processing.toMillis());
    }

    @Override
    public JsonNode error(ProviderError error, Stamp stamp) {
        var json = error(error.status(), message(error));
        return array ? Json.array().add(json) : json;
    }

    /** What a stream says that fails after it began. */
    static ObjectNode midStream() {
        return error(503, "The model is overloaded. Please try again later.");
    }

    private static ObjectNode error(int code, String message) {
        var json = Json.object();
        var error = json.putObject("error")
                .put("code", code)
                .put("message", message)
                .put("status", status(code));
        if (code == 401) {
            error.putArray("details")
                    .addObject()
                    .put("@type", TYPE + "ErrorInfo")
                    .put("reason", "API_KEY_INVALID")
                    .put("domain", "googleapis.com");
        } else if (code == 429) {
            error.putArray("details")
                    .addObject()
                    .put("@type", TYPE + "RetryInfo")
                    .put("retryDelay", "1s");
        }
        return json;
    }

    private static String status(int code) {
        return switch (code) {
            case 401 -> "UNAUTHENTICATED";
            case 402, 429 -> "RESOURCE_EXHAUSTED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 409 -> "ABORTED";
            case 499 -> "CANCELLED";
            case 500 -> "INTERNAL";
            case 501 -> "UNIMPLEMENTED";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> code < SERVER_ERRORS ? "INVALID_ARGUMENT" : "UNAVAILABLE";
        };
    }

    /** What is said of a request that is wrong is the same for all providers; other failures have their own words. */
    private static String message(ProviderError error) {
        return switch (error.status()) {
            case 401 -> "API key not valid. Please pass a valid API key.";
            case 402 -> "Your prepayment credits are depleted.";
            case 403 -> "The caller does not have permission.";
            case 429 -> "You exceeded your current quota. Please retry in 1s.";
            default ->
                error.status() < SERVER_ERRORS ? error.message() : "The model is overloaded. Please try again later.";
        };
    }
}
