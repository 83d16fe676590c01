package dev.quotary.api;

import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import dev.quotary.money.Money;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.WireFormat;
import dev.quotary.usage.Use;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads usage out of the raw answer of a provider. Its form is recognised by its shape. */
final class ProviderResponses {
    private final WireFormat chat;

    /** @param chat the chat completions of OpenAI and compatible servers */
    ProviderResponses(WireFormat chat) {
        this.chat = chat;
    }

    /**
     * What an answer said.
     *
     * @param cost what the provider says it charged; empty where it does not say
     */
    record Reported(Use use, Optional<String> model, Optional<Money> cost) {}

    /** @throws InvalidInputException naming the member, if no usage can be read out of it */
    Reported read(Value response) {
        if (!response.isObject()
                || !response.fields().has("usage")
                || !response.fields().has("choices")) {
            throw response.wrong(
                    "expected a whole chat completion of OpenAI or a compatible server, with 'choices' and 'usage'; "
                            + "for others, send quantities");
        }
        var facts = chat.readAnswer(response.json().getBytes(StandardCharsets.UTF_8));
        var served = facts.served();
        return switch (facts.usage()) {
            case UsageReading.Reported reported ->
                new Reported(
                        new Use(reported.tokens(), reported.parts(), served.tier(), served.modifiers()),
                        served.model(),
                        reported.costUsd().map(cost -> response.checked(() -> Money.rounded(cost))));
            case UsageReading.Partial _, UsageReading.Missing _ ->
                throw response.wrong("expected an answer that reports its usage");
            case UsageReading.Broken broken ->
                throw response.wrong("expected a usage that adds up: " + broken.reason());
        };
    }
}
