package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads members of the server's answers. What must be there and is not is an {@link IllegalArgumentException}, which names it. */
final class Answers {
    private Answers() {}

    static String text(Json json, String name) {
        return json.at(name).text().orElseThrow(() -> missing(name));
    }

    static BigDecimal decimal(Json json, String name) {
        return json.at(name).decimal().orElseThrow(() -> missing(name));
    }

    static Optional<Instant> time(Json json, String name) {
        try {
            return json.at(name).text().map(Instant::parse);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("expected a time as '" + name + "' in the answer", e);
        }
    }

    static List<LimitState> limits(Json json, String name) {
        return json.at(name).items().stream().map(LimitState::read).toList();
    }

    static List<Warning> warnings(Json json) {
        return json.at("warnings").items().stream().map(Warning::read).toList();
    }

    static Map<String, Long> quantities(Json json) {
        var quantities = new LinkedHashMap<String, Long>();
        json.at("quantities")
                .entries()
                .forEach((meter, amount) -> amount.whole().ifPresent(whole -> quantities.put(meter, whole)));
        return quantities;
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("expected '" + name + "' in the answer");
    }
}
