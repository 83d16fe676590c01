package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The answer to whether a call may be made.
 *
 * @param verdict {@code allowed}, {@code allowed_with_warnings}, {@code throttled}, {@code denied}, or {@code allowed_unmetered}: nobody
 *     could be asked, and the call may pass all the same
 * @param estimatedCost in US dollars; empty where nobody could be asked
 * @param limits every limit that applies, as it stands
 * @param violations every limit without room; empty where the call is allowed
 * @param delay how long to wait before the call is made; not zero of verdict {@code throttled} only
 * @param refusal of verdict {@code denied} only
 */
public record Decision(
        boolean allowed,
        String verdict,
        Optional<BigDecimal> estimatedCost,
        List<LimitState> limits,
        List<LimitState> violations,
        List<Warning> warnings,
        Duration delay,
        Optional<Refusal> refusal) {
    private static final String UNMETERED = "allowed_unmetered";

    /**
     * Why not, and what helps.
     *
     * @param status of HTTP: 402 where a plan is used up, 429 where waiting a little helps
     * @param code {@code USAGE_LIMIT_EXCEEDED} or {@code RATE_LIMIT_EXCEEDED}
     * @param message for people
     * @param upgradeUrl where a larger plan is to be had, if the plan says so
     * @param retryAfter how long to wait, where that helps
     */
    public record Refusal(
            int status, String code, String message, Optional<String> upgradeUrl, Optional<Duration> retryAfter) {}

    public Decision {
        limits = List.copyOf(limits);
        violations = List.copyOf(violations);
        warnings = List.copyOf(warnings);
    }

    /** Whether the call passes without anybody having been asked; its use is recorded all the same. */
    public boolean unmetered() {
        return verdict.equals(UNMETERED);
    }

    static Decision unasked() {
        return new Decision(
                true, UNMETERED, Optional.empty(), List.of(), List.of(), List.of(), Duration.ZERO, Optional.empty());
    }

    static Decision read(Answer answer) {
        var json = answer.body();
        boolean allowed = json.at("allowed").isTrue();
        return new Decision(
                allowed,
                Answers.text(json, "decision"),
                json.at("estimated_cost").decimal(),
                Answers.limits(json, "limits"),
                Answers.limits(json, "violations"),
                Answers.warnings(json),
                json.at("delay_ms").whole().map(Duration::ofMillis).orElse(Duration.ZERO),
                allowed ? Optional.empty() : Optional.of(refusal(json, answer.retryAfter())));
    }

    private static Refusal refusal(Json json, Optional<Duration> retryAfter) {
        return new Refusal(
                Answers.decimal(json, "status").intValueExact(),
                Answers.text(json, "code"),
                Answers.text(json, "detail"),
                json.at("upgrade_url").text(),
                retryAfter);
    }
}
