package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers in OpenAI's JSON, members in OpenAI's order. */
final class AnswerJson {
    private static final String FINGERPRINT = "fp_simulated";

    private AnswerJson() {}

    /** A whole answer in one object. */
    static ObjectNode completion(Answer answer) {
        var json = identified(answer, "chat.completion");
        var choices = json.putArray("choices");
        for (var prose : answer.text().choices()) {
            var choice = choices.addObject().put("index", choices.size() - 1);
            var message = choice.putObject("message")
                    .put("role", "assistant")
                    .put("content", prose.text(answer.text().tokens()))
                    .putNull("refusal");
            message.putArray("annotations");
            choice.putNull("logprobs").put("finish_reason", answer.text().finishReason());
        }
        if (answer.usage().reported()) {
            json.set("usage", usage(answer));
        }
        return json.put("service_tier", answer.tier()).put("system_fingerprint", FINGERPRINT);
    }

    /** The part of a stream's event that all events of the stream share. */
    static ObjectNode chunk(Answer answer) {
        return identified(answer, "chat.completion.chunk")
                .put("service_tier", answer.tier())
                .put("system_fingerprint", FINGERPRINT);
    }

    static ObjectNode usage(Answer answer) {
        var tokens = answer.usage().tokens();
        var json = usage(tokens);
        if (Grok.serves(answer.model())) {
            Grok.adapt(json, tokens, answer.usage().ticks());
        }
        return json;
    }

    /** What one choice counts while it is being written. */
    static ObjectNode totals(Tokens tokens, int written) {
        int completion = tokens.reasoning() + written;
        return Json.object()
                .put("prompt_tokens", tokens.prompt().tokens())
                .put("completion_tokens", completion)
                .put("total_tokens", tokens.prompt().tokens() + completion);
    }

    static ObjectNode usage(Tokens tokens) {
        var json = Json.object()
                .put("prompt_tokens", tokens.prompt().tokens())
                .put("completion_tokens", tokens.completion())
                .put("total_tokens", tokens.total());
        var input = json.putObject("prompt_tokens_details")
                .put("cached_tokens", tokens.prompt().cached())
                .put("audio_tokens", 0);
        if (tokens.prompt().cacheWrite() > 0) {
            input.put("cache_write_tokens", tokens.prompt().cacheWrite());
        }
        json.putObject("completion_tokens_details")
                .put("reasoning_tokens", tokens.reasoningTotal())
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return json;
    }

    private static ObjectNode identified(Answer answer, String object) {
        return Json.object()
                .put("id", answer.identity().id())
                .put("object", object)
                .put("created", answer.identity().createdSeconds())
                .put("model", answer.model());
    }
}
