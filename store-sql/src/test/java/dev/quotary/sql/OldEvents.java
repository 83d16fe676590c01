package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.EventId;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.testkit.LedgerSamples;
import java.util.Optional;

/** A priced event as databases held it before they knew fees and parts. */
final class OldEvents {
    static final EventId ID = new EventId(1, 2);

    static final String PRICE = """
            INSERT INTO applied_price (id, price_row, tier, price_tier, long_context, unit_prices)
            VALUES (7, 'row', 'batch', 'standard', 0, 'input=0.000003 output=0.000015')""";

    /** The hour that the event is in. */
    static final String HOUR = """
            INSERT INTO usage_hour (organization, hour, subject, provider, model, feature, events, errors, requests, tokens_input,
                tokens_output, tokens, input, cached_input, cache_write_5m, cache_write_1h, input_audio, output, output_audio,
                reasoning, cost, latency_ms)
            VALUES ('%s', 0, '', '', '', '', 1, 0, 1, 21, 50, 71, 21, 0, 0, 0, 0, 50, 0, 40, 813000000, 5)""".formatted(LedgerSamples.ACME.value());

    private OldEvents() {}

    /** @param id the literal of the bytes of {@link #ID} */
    static String event(String id) {
        return """
                INSERT INTO usage_event (number, organization, id, time, requests, tokens_input, tokens_output, tokens, cost, price,
                    input, cached_input, cache_write_5m, cache_write_1h, input_audio, output, output_audio, reasoning,
                    evidence, outcome, latency_ms, queue_wait_ms, late, fingerprint)
                VALUES (1, '%s', %s, 1000000, 1, 21, 50, 71, 813000000, 7, 21, 0, 0, 0, 0, 50, 0, 40, 0, 0, 5, 7, 0, 99)""".formatted(LedgerSamples.ACME.value(), id);
    }

    static void assertRead(Optional<UsageEvent> found) {
        var metered = found.orElseThrow().metered();
        assertThat(metered.tokens())
                .isEqualTo(TokenUsage.builder()
                        .set(Component.INPUT, 21)
                        .set(Component.OUTPUT, 50)
                        .reasoning(40)
                        .build());
        assertThat(metered.receipt().orElseThrow().total()).hasToString("0.000813");
        assertThat(metered.parts()).isEmpty();
    }
}
