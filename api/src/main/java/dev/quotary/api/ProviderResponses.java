package dev.quotary.api;

import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import dev.quotary.money.Money;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.UsageReading;
import dev.quotary.usage.Use;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads usage out of the raw answer of a provider. Its form is recognised by its shape. */
final class ProviderResponses {
    private final List<Formats.Spoken> apis;

    /** @param apis whose answers can be read, each kind once; the first that recognises one reads it */
    ProviderResponses(List<Formats.Spoken> apis) {
        this.apis = List.copyOf(apis);
    }

    /**
     * What an answer said.
     *
     * @param providers whose answers have this form, the likeliest first
     * @param cost what the provider says it charged; empty where it does not say
     */
    record Reported(Use use, List<String> providers, Optional<String> model, Optional<Money> cost) {}

    /** An answer with those who give such answers. */
    private record Read(AnswerFacts facts, List<String> providers) {}

    /** @throws InvalidInputException naming the member, if no usage can be read out of it */
    Reported read(Value response) {
        byte[] body = response.json().getBytes(StandardCharsets.UTF_8);
        var read = apis.stream()
                .flatMap(spoken ->
                        spoken.api().readAnswer(body).map(facts -> new Read(facts, spoken.providers())).stream())
                .findFirst()
                .orElseThrow(() -> response.wrong(
                        "expected a whole answer of a provider, such as a chat completion or a message with its usage; "
                                + "for others, send quantities"));
        var served = read.facts().served();
        return switch (read.facts().usage()) {
            case UsageReading.Reported reported ->
                new Reported(
                        new Use(reported.tokens(), reported.parts(), served.tier(), served.modifiers()),
                        read.providers(),
                        served.model(),
                        reported.costUsd().map(cost -> response.checked(() -> Money.rounded(cost))));
            case UsageReading.Partial _, UsageReading.Begun _, UsageReading.Missing _ ->
                throw response.wrong("expected an answer that reports its usage");
            case UsageReading.Broken broken ->
                throw response.wrong("expected a usage that adds up: " + broken.reason());
        };
    }
}
