package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a call would cost, before it is made.
 *
 * @param cost in US dollars at the standard tier; empty of a model without a price
 * @param costMax at the dearest prices that could apply
 */
public record Estimate(
        long inputTokens,
        long outputTokens,
        Optional<BigDecimal> cost,
        long inputTokensMax,
        long outputTokensMax,
        Optional<BigDecimal> costMax) {

    static Estimate read(Answer answer) {
        var json = answer.body();
        var bound = json.at("upper_bound");
        return new Estimate(
                tokens(json, "input"),
                tokens(json, "output"),
                json.at("cost").decimal(),
                tokens(bound, "input"),
                tokens(bound, "output"),
                bound.at("cost").decimal());
    }

    private static long tokens(Json json, String name) {
        return Answers.decimal(json.at("tokens"), name).longValueExact();
    }
}
