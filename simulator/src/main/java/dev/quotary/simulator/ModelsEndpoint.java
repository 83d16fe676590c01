package dev.quotary.simulator;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/** Lists a few models by name; the chat endpoint takes any other name as well. */
final class ModelsEndpoint {
    private static final List<String> MODELS = List.of("gpt-4o", "gpt-4o-mini", "gpt-5.4", "gpt-5.5");

    /** 2025-01-01: the list is the same at any time. */
    private static final long CREATED_SECONDS = 1_735_689_600;

    private final Buffer list = list();

    void handle(Exchange exchange) {
        exchange.answer(list, Duration.ZERO);
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
