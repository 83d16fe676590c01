package dev.quotary.provider.openai.api;

import dev.quotary.provider.Operation;
import java.util.Map;

/** Why parts of the API cannot be metered. */
final class Unmeterable {
    static final Operation SOCKET =
            new Operation.Unmeterable("What passes through a socket is not seen; use POST /v1/responses.");

    private static final String LATER =
            "What it costs shows only after the call has ended; use /v1/responses or /v1/chat/completions.";
    private static final String STORED =
            "What is kept at the provider costs by the day, or is worked on later; send it with the call that needs it.";

    /** By the part of the path that follows the version. */
    private static final Map<String, Operation> REASONS = Map.ofEntries(
            Map.entry("realtime", new Operation.Unmeterable("What passes through a socket is not seen.")),
            Map.entry("batches", new Operation.Unmeterable(LATER)),
            Map.entry("assistants", new Operation.Unmeterable(LATER)),
            Map.entry("threads", new Operation.Unmeterable(LATER)),
            Map.entry("fine_tuning", new Operation.Unmeterable(LATER)),
            Map.entry("videos", new Operation.Unmeterable(LATER)),
            Map.entry("evals", new Operation.Unmeterable(LATER)),
            Map.entry(
                    "responses",
                    new Operation.Unmeterable(
                            "Of responses only their making is served: one that the provider keeps may be"
                                    + " another organization's, as a key of the provider's opens all of them.")),
            Map.entry("conversations", new Operation.Unmeterable(STORED)),
            Map.entry("files", new Operation.Unmeterable(STORED)),
            Map.entry("uploads", new Operation.Unmeterable(STORED)),
            Map.entry("vector_stores", new Operation.Unmeterable(STORED)),
            Map.entry("containers", new Operation.Unmeterable(STORED)));

    private Unmeterable() {}

    static Operation of(String path) {
        var parts = path.split("/", 4);
        return parts.length < 3
                ? Operation.Unmeterable.UNKNOWN
                : REASONS.getOrDefault(parts[2], Operation.Unmeterable.UNKNOWN);
    }
}
