package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * How one limit stands. Amounts are whole numbers, of meter {@code cost} US dollars.
 *
 * @param limit its key in the plan
 * @param scope for whom it counts, such as {@code subject:user-1}
 * @param resetsAt empty where it never does
 * @param max empty where the limit is declared unlimited
 * @param held by reservations that are not settled yet
 * @param remaining empty where the limit is declared unlimited
 * @param percent used and held, of the maximum
 * @param state {@code ok}, {@code warning}, {@code exceeded}, {@code overage}, {@code grace} or {@code shadow}
 */
public record LimitState(
        String limit,
        String meter,
        String scope,
        String window,
        Optional<Instant> windowStart,
        Optional<Instant> resetsAt,
        Optional<BigDecimal> max,
        BigDecimal used,
        BigDecimal held,
        Optional<BigDecimal> remaining,
        BigDecimal percent,
        String state) {

    /** Whether the plan says that it never refuses. */
    public boolean unlimited() {
        return max.isEmpty();
    }

    static LimitState read(Json json) {
        return new LimitState(
                Answers.text(json, "limit"),
                Answers.text(json, "meter"),
                Answers.text(json, "scope"),
                Answers.text(json, "window"),
                Answers.time(json, "window_start"),
                Answers.time(json, "resets_at"),
                json.at("max").decimal(),
                Answers.decimal(json, "used"),
                Answers.decimal(json, "held"),
                json.at("remaining").decimal(),
                Answers.decimal(json, "percent"),
                Answers.text(json, "state"));
    }
}
