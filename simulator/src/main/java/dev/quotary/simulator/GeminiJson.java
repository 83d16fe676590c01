package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/**
 * Answers in Gemini's JSON, members in Gemini's order. Cached tokens are inside the prompt, thoughts and what tools added outside the
 * others; what is 0 is left out.
 */
final class GeminiJson {
    private static final BigDecimal[] VECTOR = {
        new BigDecimal("0.013"), new BigDecimal("-0.008"), new BigDecimal("0.021")
    };

    private GeminiJson() {}

    /** A whole answer in one object. */
    static ObjectNode whole(GeminiAnswer answer) {
        var json = Json.object();
        if (!answer.usage().blocked()) {
            var candidates = json.putArray("candidates");
            int tokens = answer.tokens().visible();
            for (int i = 0; i < answer.candidates().size(); i++) {
                var candidate = candidate(i, answer.candidates().get(i).text(tokens));
                candidates.add(ended(candidate, answer));
            }
        }
        return closed(json, answer, answer.tokens().visible() * answer.tokens().choices());
    }

    /** A chunk with one more token of one candidate. */
    static ObjectNode chunk(GeminiAnswer answer, int candidate, String text, int written) {
        var json = Json.object();
        json.putArray("candidates").add(candidate(candidate, text));
        return closed(json, answer, written);
    }

    /** The last chunk of one candidate. */
    static ObjectNode last(GeminiAnswer answer, int candidate, int written) {
        var json = Json.object();
        json.putArray("candidates").add(ended(candidate(candidate, ""), answer));
        return closed(json, answer, written);
    }

    private static ObjectNode candidate(int index, String text) {
        var json = Json.object();
        var content = json.putObject("content");
        content.putArray("parts").addObject().put("text", text);
        content.put("role", "model");
        return json.put("index", index);
    }

    private static ObjectNode ended(ObjectNode candidate, GeminiAnswer answer) {
        candidate.put("finishReason", answer.finishReason());
        if (answer.usage().searches() > 0 && candidate.path("index").intValue() == 0) {
            var queries = candidate.putObject("groundingMetadata").putArray("webSearchQueries");
            for (int i = 1; i <= answer.usage().searches(); i++) {
                queries.add("query " + i);
            }
        }
        return candidate;
    }

    private static ObjectNode closed(ObjectNode json, GeminiAnswer answer, int written) {
        if (answer.usage().blocked()) {
            json.putObject("promptFeedback").put("blockReason", "SAFETY");
        }
        if (answer.usage().reported()) {
            json.set("usageMetadata", usage(answer, answer.usage().blocked() ? 0 : written));
        }
        return json.put("modelVersion", answer.model()).put("responseId", answer.id());
    }

    /** The running total after so many tokens of all candidates. */
    private static ObjectNode usage(GeminiAnswer answer, int written) {
        var prompt = answer.tokens().prompt();
        var told = answer.usage();
        int thoughts = told.blocked() ? 0 : answer.tokens().reasoningTotal();
        var json = Json.object().put("promptTokenCount", prompt.tokens());
        if (written > 0) {
            json.put("candidatesTokenCount", written);
        }
        json.put("totalTokenCount", prompt.tokens() + written + thoughts + told.toolInput());
        var details = json.putArray("promptTokensDetails");
        details.addObject().put("modality", "TEXT").put("tokenCount", prompt.tokens() - told.audio());
        if (told.audio() > 0) {
            details.addObject().put("modality", "AUDIO").put("tokenCount", told.audio());
        }
        if (thoughts > 0) {
            json.put("thoughtsTokenCount", thoughts);
        }
        if (prompt.cached() > 0) {
            json.put("cachedContentTokenCount", prompt.cached());
            text(json, "cacheTokensDetails", prompt.cached());
        }
        if (told.toolInput() > 0) {
            json.put("toolUsePromptTokenCount", told.toolInput());
            text(json, "toolUsePromptTokensDetails", told.toolInput());
        }
        return json.put("serviceTier", told.tier());
    }

    private static void text(ObjectNode json, String name, int tokens) {
        json.putArray(name).addObject().put("modality", "TEXT").put("tokenCount", tokens);
    }

    /** How many tokens a prompt has. */
    static ObjectNode count(int tokens) {
        var json = Json.object().put("totalTokens", tokens);
        text(json, "promptTokensDetails", tokens);
        return json;
    }

    /** The embedding of one content, with its usage. */
    static ObjectNode embedding(int tokens, boolean reported) {
        var json = Json.object();
        json.set("embedding", vector());
        if (reported) {
            json.putObject("usageMetadata").put("promptTokenCount", tokens).put("totalTokenCount", tokens);
        }
        return json;
    }

    /** The embeddings of several contents; their usage is not told. */
    static ObjectNode embeddings(int contents) {
        var json = Json.object();
        var embeddings = json.putArray("embeddings");
        for (int i = 0; i < contents; i++) {
            embeddings.add(vector());
        }
        return json;
    }

    private static ObjectNode vector() {
        var json = Json.object();
        var values = json.putArray("values");
        for (var value : VECTOR) {
            values.add(value);
        }
        return json;
    }
}
