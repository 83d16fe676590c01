package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.Stamps.Stamp;
import java.time.Duration;
import java.util.Map;

/** How xAI's answers look: an error is a code and a sentence. */
final class XaiStyle implements Style {
    @Override
    public Map<String, String> headers(Stamp stamp, Duration processing) {
        return Map.of("x-request-id", stamp.requestId());
    }

    @Override
    public ObjectNode error(ProviderError error, Stamp stamp) {
        var code = error.code();
        return Json.object().put("code", code == null ? error.type() : code).put("error", error.message());
    }
}
