package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Responses and their events in OpenAI's JSON. */
record ResponseJson(Answer answer, Directive.Extras extras) {
    private static final String MESSAGE_ID = "msg_simulated";

    /** The whole response at its end. */
    ObjectNode ended() {
        return response(answer.text().finishReason().equals("length") ? "incomplete" : "completed", true);
    }

    private ObjectNode response(String status, boolean ended) {
        var json = Json.object()
                .put("id", id())
                .put("object", "response")
                .put("created_at", answer.identity().createdSeconds())
                .put("status", status)
                .put("background", false)
                .putNull("error");
        if (status.equals("incomplete")) {
            json.putObject("incomplete_details").put("reason", "max_output_tokens");
        } else {
            json.putNull("incomplete_details");
        }
        json.putNull("instructions").putNull("max_output_tokens").put("model", answer.model());
        var output = json.putArray("output");
        if (ended) {
            for (int i = 0; i < extras.searches(); i++) {
                var search = output.addObject().put("id", "ws_" + i).put("type", "web_search_call");
                search.put("status", "completed")
                        .putObject("action")
                        .put("type", "search")
                        .put("query", "prices");
            }
            output.add(message("completed"));
        }
        json.put("parallel_tool_calls", true).putNull("previous_response_id").put("service_tier", answer.tier());
        json.putObject("text").putObject("format").put("type", "text");
        json.put("tool_choice", "auto").putArray("tools");
        json.put("temperature", 1.0).put("top_p", 1.0).put("store", true).putObject("metadata");
        if (ended && answer.usage().reported()) {
            json.set("usage", usage());
            tools(json);
        } else {
            json.putNull("usage");
        }
        return json;
    }

    private String id() {
        return "resp_" + answer.identity().id().replace("chatcmpl-", "");
    }

    private ObjectNode message(String status) {
        var message = Json.object()
                .put("id", MESSAGE_ID)
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant");
        var content = message.putArray("content");
        if (status.equals("completed")) {
            content.add(part(text()));
        }
        return message;
    }

    private static ObjectNode part(String text) {
        var part = Json.object().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.putArray("logprobs");
        return part;
    }

    private String text() {
        return answer.text().choices().getFirst().text(answer.text().tokens());
    }

    private ObjectNode usage() {
        var tokens = answer.usage().tokens();
        boolean additive = Grok.serves(answer.model());
        var json = Json.object().put("input_tokens", tokens.prompt().tokens());
        var details = json.putObject("input_tokens_details")
                .put("cached_tokens", tokens.prompt().cached());
        int longLived = extras.longLived().orElse(0);
        int written = tokens.prompt().cacheWrite() + longLived;
        if (written > 0) {
            details.put("cache_write_tokens", written)
                    .putObject("cache_write_tokens_details")
                    .put("ttl_30m_tokens", tokens.prompt().cacheWrite())
                    .put("ttl_12h_tokens", longLived);
        }
        json.put("output_tokens", additive ? tokens.completion() - tokens.reasoningTotal() : tokens.completion());
        json.putObject("output_tokens_details").put("reasoning_tokens", tokens.reasoningTotal());
        json.put("total_tokens", tokens.total());
        answer.usage().ticks().ifPresent(ticks -> json.put("cost_in_usd_ticks", ticks));
        return json;
    }

    private void tools(ObjectNode json) {
        if (!extras.searchesUntold()) {
            json.putObject("tool_usage").putObject("web_search").put("num_requests", extras.searches());
        }
    }

    /** One of the four events before the first token. */
    ObjectNode opening(int index) {
        return switch (index) {
            case 0 -> state("response.created", index, response("in_progress", false));
            case 1 -> state("response.in_progress", index, response("in_progress", false));
            case 2 -> {
                var event = event("response.output_item.added", index).put("output_index", 0);
                event.set("item", message("in_progress"));
                yield event;
            }
            default -> {
                var event = place(event("response.content_part.added", index));
                event.set("part", part(""));
                yield event;
            }
        };
    }

    ObjectNode delta(int token, int sequence) {
        var said = answer.text().tokens() == 0
                ? ""
                : answer.text().choices().getFirst().token(token);
        var event = place(event("response.output_text.delta", sequence)).put("delta", said);
        event.putArray("logprobs");
        return event;
    }

    int closings() {
        return 4;
    }

    /** One of the events behind the last token; the last one has the usage. */
    ObjectNode closing(int index, int sequence) {
        return switch (index) {
            case 0 -> place(event("response.output_text.done", sequence)).put("text", text());
            case 1 -> {
                var event = place(event("response.content_part.done", sequence));
                event.set("part", part(text()));
                yield event;
            }
            case 2 -> {
                var event = event("response.output_item.done", sequence).put("output_index", 0);
                event.set("item", message("completed"));
                yield event;
            }
            default -> {
                var ended = ended();
                yield state("response." + ended.get("status").asText(), sequence, ended);
            }
        };
    }

    /** The state of a response that failed, of which nothing is billed. */
    ObjectNode failed(int sequence) {
        var response = response("failed", false);
        response.putObject("error")
                .put("code", "server_error")
                .put("message", "The server had an error while processing your request.");
        return state("response.failed", sequence, response);
    }

    private static ObjectNode event(String type, int sequence) {
        return Json.object().put("type", type).put("sequence_number", sequence);
    }

    private static ObjectNode place(ObjectNode event) {
        return event.put("item_id", MESSAGE_ID).put("output_index", 0).put("content_index", 0);
    }

    private static ObjectNode state(String type, int sequence, ObjectNode response) {
        var event = event(type, sequence);
        event.set("response", response);
        return event;
    }
}
