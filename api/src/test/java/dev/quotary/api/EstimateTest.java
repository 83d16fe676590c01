package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EstimateTest extends ServerTest {
    private static final String ESTIMATE = "/api/v1/usage/estimate";

    @Test
    void quantities_are_priced_with_a_receipt_and_an_upper_bound() {
        // When
        var answer = app.post(
                ESTIMATE,
                "{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"quantities\":{\"tokens.input\":900,\"tokens.output\":1000}}");
        // Then
        assertThat(answer.at("cost")).isEqualTo("0.000735");
        assertThat(answer.at("tokens")).isEqualTo("{\"input\":900,\"output\":1000}");
        assertThat(answer.at("receipt/total")).isEqualTo("0.000735");
        assertThat(new java.math.BigDecimal(answer.at("upper_bound/cost")))
                .isGreaterThanOrEqualTo(new java.math.BigDecimal("0.000735"));
    }

    @Test
    void text_for_openai_is_counted_with_its_vocabulary() {
        // When
        var text = app.post(
                ESTIMATE,
                "{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"text\":\"Write a haiku about quotas.\"}");
        var messages = app.post(
                ESTIMATE,
                "{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"max_output_tokens\":7,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"Write a haiku about quotas.\"}]}");
        // Then
        assertThat(Integer.parseInt(text.at("tokens/input"))).isBetween(8, 20);
        assertThat(text.at("tokens/output")).isEqualTo("1000");
        assertThat(messages.at("tokens/input")).isEqualTo(text.at("tokens/input"));
        assertThat(messages.at("tokens/output")).isEqualTo("7");
        assertThat(Integer.parseInt(text.at("upper_bound/tokens/input"))).isGreaterThan(26);
    }

    @Test
    void text_for_others_has_four_bytes_a_token() {
        // When
        var answer = app.post(
                ESTIMATE, "{\"provider\":\"local\",\"model\":\"llama\",\"text\":\"" + "word ".repeat(800) + "\"}");
        // Then
        assertThat(Integer.parseInt(answer.at("tokens/input"))).isBetween(1000, 1040);
        assertThat(answer.at("cost")).isEqualTo("0");
    }

    @Test
    void text_for_others_is_estimated_by_what_their_calls_have_taught() {
        // Given
        for (int i = 0; i < 20; i++) {
            server.ratios.learn("local", "llama", 1_000, 500);
        }
        // When
        var answer = app.post(
                ESTIMATE, "{\"provider\":\"local\",\"model\":\"llama\",\"text\":\"" + "word ".repeat(800) + "\"}");
        // Then
        assertThat(Integer.parseInt(answer.at("tokens/input"))).isBetween(2000, 2070);
    }

    @Test
    void model_without_a_price_has_no_cost() {
        // When
        var answer = app.post(ESTIMATE, "{\"provider\":\"openai\",\"model\":\"gpt-99\",\"text\":\"Hi\"}");
        // Then
        assertThat(answer.at("cost")).isEqualTo("null");
        assertThat(answer.at("upper_bound/cost")).isEqualTo("null");
        assertThat(answer.at("receipt")).isEqualTo("null");
    }

    @Test
    void exactly_one_of_the_ways_is_needed() {
        // When
        var none = app.post(ESTIMATE, "{\"provider\":\"openai\",\"model\":\"gpt-4o\"}");
        var two = app.post(
                ESTIMATE,
                "{\"provider\":\"openai\",\"model\":\"gpt-4o\",\"text\":\"a\",\"quantities\":{\"tokens\":1}}");
        var messages = app.post(ESTIMATE, "{\"provider\":\"openai\",\"model\":\"gpt-4o\",\"messages\":[]}");
        var unnamed = app.post(ESTIMATE, "{\"text\":\"a\"}");
        // Then
        assertThat(none.status()).isEqualTo(400);
        assertThat(two.status()).isEqualTo(400);
        assertThat(messages.at("pointer")).isEqualTo("/messages");
        assertThat(unnamed.at("expected")).contains("'provider'");
    }
}
