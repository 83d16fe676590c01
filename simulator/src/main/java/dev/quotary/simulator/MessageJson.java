package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Messages in Anthropic's JSON, members in Anthropic's order. Other than OpenAI's, its counts of input exclude each other. */
final class MessageJson {
    /** Proof of what was thought, which is not shown. */
    static final String SIGNATURE = "c2ltdWxhdGVk";

    private MessageJson() {}

    /** A whole answer in one object. */
    static ObjectNode whole(Message message) {
        var json = message(message, message.stopReason());
        var content = (ArrayNode) json.get("content");
        if (message.tokens().reasoning() > 0) {
            content.addObject().put("type", "thinking").put("thinking", "").put("signature", SIGNATURE);
        }
        if (message.tokens().visible() > 0) {
            content.add(text(message.prose().text(message.tokens().visible())));
        }
        if (message.usage().reported()) {
            json.set("usage", usage(message, message.tokens().completion()));
        }
        return json;
    }

    /** A message that has just begun: what was read is known, what will be written is not. */
    static ObjectNode begun(Message message) {
        var json = message(message, null);
        if (message.usage().reported()) {
            json.set("usage", usage(message, Math.min(1, message.tokens().completion())));
        }
        return json;
    }

    static ObjectNode text(String text) {
        return Json.object().put("type", "text").put("text", text).putNull("citations");
    }

    /** The totals at the end of a stream, which do not tell how long what was written to the cache lives. */
    static ObjectNode totals(Message message) {
        var tokens = message.tokens();
        var json = Json.object()
                .put("input_tokens", uncached(tokens.prompt()))
                .put("cache_creation_input_tokens", written(tokens.prompt()))
                .put("cache_read_input_tokens", tokens.prompt().cached())
                .put("output_tokens", tokens.completion());
        details(json, message);
        return json;
    }

    private static ObjectNode message(Message message, @Nullable String stopReason) {
        var json = Json.object()
                .put("id", message.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", message.model());
        json.putArray("content");
        return json.put("stop_reason", stopReason).putNull("stop_sequence");
    }

    private static ObjectNode usage(Message message, int output) {
        var prompt = message.tokens().prompt();
        var json = Json.object()
                .put("input_tokens", uncached(prompt))
                .put("cache_creation_input_tokens", written(prompt))
                .put("cache_read_input_tokens", prompt.cached());
        json.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", prompt.cacheWrite())
                .put("ephemeral_1h_input_tokens", prompt.cacheWrite1h());
        json.put("output_tokens", output)
                .put("service_tier", message.usage().tier())
                .put("inference_geo", message.usage().region())
                .put("speed", message.usage().speed().orElse(null));
        if (output == message.tokens().completion()) {
            details(json, message);
        }
        return json;
    }

    private static void details(ObjectNode json, Message message) {
        int searches = message.usage().searches();
        if (searches > 0) {
            json.putObject("server_tool_use")
                    .put("web_search_requests", searches)
                    .put("web_fetch_requests", 0);
        } else {
            json.putNull("server_tool_use");
        }
        int thought = message.tokens().reasoningTotal();
        if (thought > 0) {
            json.putObject("output_tokens_details").put("thinking_tokens", thought);
        } else {
            json.putNull("output_tokens_details");
        }
    }

    private static int uncached(Tokens.Input prompt) {
        return prompt.tokens() - prompt.cached() - written(prompt);
    }

    private static int written(Tokens.Input prompt) {
        return prompt.cacheWrite() + prompt.cacheWrite1h();
    }
}
