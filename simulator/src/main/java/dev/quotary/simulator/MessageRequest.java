package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.ChatRequest.Bounds;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The part of a request for one of Anthropic's messages that shapes the answer. The rest, such as tools, is taken as it comes.
 *
 * @param tier what serves the request, as the answer will name it
 */
record MessageRequest(String model, Prompt prompt, Bounds bounds, String tier, boolean stream) {
    private static final List<String> ROLES = List.of("assistant", "system", "user");
    private static final List<String> TIERS = List.of("auto", "standard_only");

    /** @throws InvalidRequestException naming the first member that is missing or wrong */
    static MessageRequest of(ObjectNode json) {
        var prompt = prompt(json);
        var tokensMax = Fields.number(json, "max_tokens", 0, Integer.MAX_VALUE);
        if (tokensMax.isEmpty()) {
            throw Fields.missing("max_tokens");
        }
        return new MessageRequest(
                model(json),
                prompt,
                new Bounds(OptionalInt.of(tokensMax.getAsInt()), 1),
                tier(json),
                Fields.flag(json, "stream", false));
    }

    static String model(ObjectNode json) {
        return Fields.text(json, "model").orElseThrow(() -> Fields.missing("model"));
    }

    /** The texts of the system prompt and of all messages; images and documents are taken and count nothing. */
    static Prompt prompt(ObjectNode json) {
        var messages = Fields.array(json, "messages").orElseThrow(() -> Fields.missing("messages"));
        if (messages.isEmpty()) {
            throw Fields.invalid("messages", "empty_array", "Expected an array with at least one message");
        }
        var texts = new ArrayList<String>(messages.size() + 1);
        if (json.hasNonNull("system")) {
            texts.add(content(json.path("system"), "system"));
        }
        int index = 0;
        for (var message : messages) {
            texts.add(message(message, "messages." + index++));
        }
        return new Prompt(texts);
    }

    private static String message(JsonNode message, String where) {
        var role = message.path("role").asText();
        if (!ROLES.contains(role)) {
            throw Fields.unsupported(where + ".role", role, ROLES);
        }
        return content(message.path("content"), where + ".content");
    }

    private static String content(JsonNode content, String where) {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw Fields.wrongType(where, "a string or an array of objects");
        }
        return content.valueStream()
                .map(block -> block.path("text").asText(""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static String tier(ObjectNode json) {
        var wanted = Fields.text(json, "service_tier").orElse("auto");
        if (!TIERS.contains(wanted)) {
            throw Fields.unsupported("service_tier", wanted, TIERS);
        }
        return "standard";
    }
}
