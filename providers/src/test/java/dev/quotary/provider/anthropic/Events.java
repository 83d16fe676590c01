package dev.quotary.provider.anthropic;

/** Events of a stream for tests. */
final class Events {
    static final String PING = event("ping", "{\"type\":\"ping\"}");
    static final String STOP = event("message_stop", "{\"type\":\"message_stop\"}");

    private Events() {}

    static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    /** @param usage its members beside the output, which is a placeholder */
    static String start(String usage) {
        return event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"model\":\"claude-opus-5\",\"content\":[],\"stop_reason\":null,\"usage\":{" + usage
                        + ",\"output_tokens\":1}}}");
    }

    static String text(String json) {
        return event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + json
                        + "\"}}");
    }

    static String delta(String stopReason, String usage) {
        var reason = stopReason.equals("null") ? "null" : "\"" + stopReason + "\"";
        return event(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":" + reason
                        + ",\"stop_sequence\":null},\"usage\":{" + usage + "}}");
    }
}
