package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The part of a chat request that shapes the answer. The rest, such as tools and temperature, is taken as it comes.
 *
 * @param tier what serves the request, as the response will name it
 * @param stream empty for a plain answer
 */
record ChatRequest(String model, Prompt prompt, Bounds bounds, String tier, Optional<StreamOptions> stream) {
    static final int CHOICES_MAX = 128;
    private static final List<String> ROLES = List.of("assistant", "developer", "function", "system", "tool", "user");

    /** From what a request may ask for to what serves it: {@code auto} and {@code fast} are nobody's tier. */
    private static final Map<String, String> TIERS = Map.of(
            "auto", "default",
            "default", "default",
            "fast", "priority",
            "flex", "flex",
            "priority", "priority",
            "scale", "scale");

    /** @param tokensMax of each choice, reasoning included */
    record Bounds(OptionalInt tokensMax, int choices) {}

    record StreamOptions(boolean usage, boolean totals, boolean obfuscation) {}

    /** @throws InvalidRequestException naming the first member that is missing or wrong */
    static ChatRequest of(ObjectNode json) {
        return new ChatRequest(
                Fields.text(json, "model").orElseThrow(() -> Fields.missing("model")),
                prompt(json),
                bounds(json),
                tier(json),
                stream(json));
    }

    private static Bounds bounds(ObjectNode json) {
        var newer = Fields.number(json, "max_completion_tokens", 1, Integer.MAX_VALUE);
        var older = Fields.number(json, "max_tokens", 1, Integer.MAX_VALUE);
        return new Bounds(
                newer.isPresent() ? newer : older,
                Fields.number(json, "n", 1, CHOICES_MAX).orElse(1));
    }

    private static Prompt prompt(ObjectNode json) {
        var messages = Fields.array(json, "messages").orElseThrow(() -> Fields.missing("messages"));
        if (messages.isEmpty()) {
            throw Fields.invalid("messages", "empty_array", "Expected an array with at least one message");
        }
        var texts = new ArrayList<String>(messages.size());
        for (var message : messages) {
            texts.add(message(message, "messages[" + texts.size() + "]"));
        }
        return new Prompt(texts);
    }

    private static String message(JsonNode message, String where) {
        if (!(message instanceof ObjectNode object)) {
            throw Fields.wrongType(where, "an object");
        }
        var role = object.path("role").asText();
        if (!ROLES.contains(role)) {
            throw Fields.unsupported(where + ".role", role, ROLES);
        }
        var content = object.path("content");
        if (content.isTextual()) {
            return content.textValue();
        }
        if (content.isArray()) {
            return parts(content);
        }
        // Only an assistant may have said nothing: its message then carries tool calls.
        if (role.equals("assistant") && (content.isNull() || content.isMissingNode())) {
            return "";
        }
        throw Fields.wrongType(where + ".content", "a string or an array of objects");
    }

    /** The texts among the parts; images, audio and files are taken and count nothing. */
    private static String parts(JsonNode content) {
        return content.valueStream()
                .map(part -> part.path("text").asText(""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    static String tier(ObjectNode json) {
        var wanted = Fields.text(json, "service_tier").orElse("auto");
        return Optional.ofNullable(TIERS.get(wanted))
                .orElseThrow(() -> Fields.unsupported("service_tier", wanted, TIERS.keySet()));
    }

    static Optional<StreamOptions> stream(ObjectNode json) {
        var options = Fields.object(json, "stream_options");
        if (Fields.flag(json, "stream", false)) {
            var asked = options.orElseGet(Json::object);
            return Optional.of(new StreamOptions(
                    Fields.flag(asked, "include_usage", false),
                    Fields.flag(asked, "continuous_usage_stats", false),
                    Fields.flag(asked, "include_obfuscation", true)));
        }
        if (options.isPresent()) {
            throw Fields.invalid("stream_options", "invalid_value", "It is only allowed when 'stream' is enabled");
        }
        return Optional.empty();
    }
}
