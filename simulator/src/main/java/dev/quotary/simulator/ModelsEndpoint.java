package dev.quotary.simulator;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/** Lists a few models by name; the chat endpoint takes any other name as well. */
final class ModelsEndpoint {
    private static final List<String> MODELS = List.of("gpt-4o", "gpt-4o-mini", "gpt-5.4", "gpt-5.5");

    /** 2025-01-01: the list is the same at any time. */
    private static final long CREATED_SECONDS = 1_735_689_600;

    private static final List<String> ANTHROPIC_MODELS =
            List.of("claude-opus-5", "claude-sonnet-5", "claude-haiku-4-5");

    private static final List<String> GEMINI_MODELS =
            List.of("gemini-3.5-flash", "gemini-2.5-flash", "gemini-embedding-001");

    private final Buffer list = list();
    private final Buffer anthropicList = anthropicList();
    private final Buffer geminiList = geminiList();

    void handle(Exchange exchange) {
        exchange.answer(list, Duration.ZERO);
    }

    void anthropic(Exchange exchange) {
        exchange.answer(anthropicList, Duration.ZERO);
    }

    void gemini(Exchange exchange) {
        exchange.answer(geminiList, Duration.ZERO);
    }

    private static Buffer geminiList() {
        var json = Json.object();
        var models = json.putArray("models");
        for (var model : GEMINI_MODELS) {
            models.addObject()
                    .put("name", "models/" + model)
                    .put("displayName", model)
                    .put("inputTokenLimit", 1_048_576)
                    .put("outputTokenLimit", 65_536);
        }
        return Json.bytes(json);
    }

    private static Buffer anthropicList() {
        var json = Json.object();
        var data = json.putArray("data");
        for (var model : ANTHROPIC_MODELS) {
            data.addObject()
                    .put("type", "model")
                    .put("id", model)
                    .put("display_name", model)
                    .put("created_at", "2025-01-01T00:00:00Z");
        }
        return Json.bytes(json.put("has_more", false)
                .put("first_id", ANTHROPIC_MODELS.getFirst())
                .put("last_id", ANTHROPIC_MODELS.getLast()));
    }

    private static Buffer list() {
        var json = Json.object().put("object", "list");
        var data = json.putArray("data");
        for (var model : MODELS) {
            data.addObject()
                    .put("id", model)
                    .put("object", "model")
                    .put("created", CREATED_SECONDS)
                    .put("owned_by", "quotary-simulator");
        }
        return Json.bytes(json);
    }
}
