package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.Stamps.Stamp;
import java.time.Duration;
import java.util.Map;

/** How OpenAI's answers look. */
final class OpenAiStyle implements Style {
    @Override
    public Map<String, String> headers(Stamp stamp, Duration processing) {
        return Map.of(
                "x-request-id", stamp.requestId(),
                "openai-processing-ms", Long.toString(processing.toMillis()),
                "openai-version", "2020-10-01");
    }

    @Override
    public ObjectNode error(ProviderError error, Stamp stamp) {
        return error.json();
    }
}
