package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.Stamps.Stamp;
import java.time.Duration;
import java.util.Map;

/** How Anthropic's answers look. */
final class AnthropicStyle implements Style {
    private static final int SERVER_ERRORS = 500;

    @Override
    public Map<String, String> headers(Stamp stamp, Duration processing) {
        return Map.of("request-id", stamp.requestId());
    }

    @Override
    public ObjectNode error(ProviderError error, Stamp stamp) {
        return error(type(error.status()), message(error), stamp);
    }

    /** What a stream says that fails after it began. */
    static ObjectNode midStream(Stamp stamp) {
        return error("overloaded_error", "Overloaded", stamp);
    }

    private static ObjectNode error(String type, String message, Stamp stamp) {
        var json = Json.object().put("type", "error");
        json.putObject("error").put("type", type).put("message", message);
        return json.put("request_id", stamp.requestId());
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 409 -> "conflict_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> status < SERVER_ERRORS ? "invalid_request_error" : "api_error";
        };
    }

    /** What is said of a request that is wrong is the same for all providers; other failures have their own words. */
    private static String message(ProviderError error) {
        return switch (error.status()) {
            case 401 -> "invalid x-api-key";
            case 402 -> "Your credit balance is too low to access the Anthropic API.";
            case 403 -> "Your API key does not have permission to use the specified resource.";
            case 429 -> "This request would exceed your organization's rate limit.";
            case 529 -> "Overloaded";
            default -> error.status() < SERVER_ERRORS ? error.message() : "Internal server error";
        };
    }
}
