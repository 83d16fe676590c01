package dev.quotary.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How every limit of a subject stands.
 *
 * @param subject empty where only limits of the organization were asked for
 * @param state the worst of its limits, as {@link LimitState#state} says it
 * @param at when the server answered
 * @param limits in the order of the plan
 */
public record Status(
        String organization,
        Optional<String> subject,
        Optional<String> plan,
        Optional<String> upgradeUrl,
        boolean blocked,
        String state,
        Optional<Instant> at,
        List<LimitState> limits,
        List<Warning> warnings) {

    public Status {
        limits = List.copyOf(limits);
        warnings = List.copyOf(warnings);
    }

    /** The limit of this key; empty if none applies. */
    public Optional<LimitState> limit(String key) {
        return limits.stream().filter(limit -> limit.limit().equals(key)).findFirst();
    }

    static Status read(Answer answer) {
        var json = answer.body();
        return new Status(
                Answers.text(json, "organization"),
                json.at("subject").text(),
                json.at("plan").text(),
                json.at("upgrade_url").text(),
                json.at("blocked").isTrue(),
                Answers.text(json, "state"),
                Answers.time(json, "at"),
                Answers.limits(json, "limits"),
                Answers.warnings(json));
    }
}
