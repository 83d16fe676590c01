package dev.quotary.client;

import dev.quotary.client.json.Json;

/**
 * A limit has reached a threshold.
 *
 * @param threshold in per cent of its maximum
 */
public record Warning(String limit, int threshold) {
    static Warning read(Json json) {
        return new Warning(
                Answers.text(json, "limit"), Answers.decimal(json, "threshold").intValueExact());
    }
}
