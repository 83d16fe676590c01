package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.ChatRequest.Bounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part of a request for content that shapes the answer; names may come in either form. The rest, such as tools, is taken as it comes.
 *
 * @param tier what serves the request, as the answer will name it
 */
record GeminiRequest(String model, Prompt prompt, Bounds bounds, String tier) {
    private static final int CANDIDATES_MAX = 8;

    /** @throws InvalidRequestException naming the first member that is missing or wrong */
    static GeminiRequest of(String model, ObjectNode json) {
        var prompt = prompt(json);
        var config = Fields.object(json, name(json, "generationConfig", "generation_config"))
                .orElseGet(Json::object);
        var tokensMax =
                Fields.number(config, name(config, "maxOutputTokens", "max_output_tokens"), 1, Integer.MAX_VALUE);
        int candidates = Fields.number(config, name(config, "candidateCount", "candidate_count"), 1, CANDIDATES_MAX)
                .orElse(1);
        var tier = Fields.text(json, name(json, "serviceTier", "service_tier")).orElse("standard");
        return new GeminiRequest(model, prompt, new Bounds(tokensMax, candidates), tier);
    }

    /** The texts of the instruction and of all contents; other parts are taken and count nothing. */
    static Prompt prompt(ObjectNode json) {
        var contents = json.path("contents");
        if (contents.isMissingNode() || contents.isEmpty()) {
            throw Fields.missing("contents");
        }
        var texts = new ArrayList<String>();
        instruction(json).map(GeminiRequest::text).ifPresent(texts::add);
        each(contents).map(GeminiRequest::text).forEach(texts::add);
        return new Prompt(texts);
    }

    /** The texts to be embedded, of one request or of many. */
    static Prompt embedded(ObjectNode json) {
        var requests = json.has("requests") ? each(json.path("requests")).toList() : List.<JsonNode>of(json);
        if (requests.isEmpty() || requests.stream().anyMatch(request -> !request.has("content"))) {
            throw Fields.missing("content");
        }
        return new Prompt(
                requests.stream().map(request -> text(request.path("content"))).toList());
    }

    private static Optional<JsonNode> instruction(ObjectNode json) {
        return Optional.ofNullable(json.get(name(json, "systemInstruction", "system_instruction")))
                .filter(JsonNode::isObject);
    }

    private static String name(ObjectNode json, String camel, String underscored) {
        return json.has(underscored) ? underscored : camel;
    }

    private static String text(JsonNode content) {
        if (!content.isObject()) {
            throw Fields.wrongType("contents", "an array of objects");
        }
        return each(content.path("parts"))
                .map(part -> part.path("text").asText(""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    /** The API takes one where it expects many. */
    private static Stream<JsonNode> each(JsonNode node) {
        return node.isArray() ? node.valueStream() : node.isMissingNode() ? Stream.empty() : Stream.of(node);
    }
}
