package dev.quotary.price;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelLimitsTest {
    private final ModelLimits limits = ModelLimits.builtIn();

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-4, 8192",
        "openai, gpt-4-0613, 8192",
        "openai, gpt-4-32k-0314, 32768",
        "openai, gpt-4-1106-preview, 4096",
        "openai, gpt-4-turbo, 4096",
        "openai, gpt-4.1-mini-2025-04-14, 32768",
        "openai, gpt-4o, 16384",
        "openai, gpt-4o-mini-2024-07-18, 16384",
        "openai, gpt-3.5-turbo-0125, 4096",
        "openai, o1-2024-12-17, 100000",
        "openai, o1-mini-2024-09-12, 65536",
        "openai, o1-preview, 32768",
        "openai, o3, 100000",
        "openai, o4-mini, 100000",
        "openai, gpt-5.5-2026-04-23, 128000",
        "openai, gpt-5-pro, 272000",
        "openai, gpt-6-sol, 128000",
        "openai, text-embedding-3-small, 0",
        "anthropic, claude-3-opus-20240229, 4096",
        "anthropic, claude-3-5-sonnet-20241022, 8192",
        "anthropic, claude-3-7-sonnet-latest, 64000",
        "anthropic, claude-sonnet-4-20250514, 64000",
        "anthropic, claude-opus-4-20250514, 32000",
        "anthropic, claude-opus-4-1, 32000",
        "anthropic, claude-haiku-4-5-20251001, 64000",
        "gemini, gemini-1.5-pro-002, 8192",
        "gemini, gemini-2.0-flash, 8192",
        "gemini, gemini-2.5-flash, 65536",
        "gemini, gemini-3.5-flash, 65536",
        "gemini, gemini-pro-latest, 65536",
        "xai, grok-4.3, 131072"
    })
    void model_has_its_maximum(String provider, String model, long expected) {
        assertThat(limits.outputTokensMax(ModelNames.requested(provider, model)))
                .hasValue(expected);
    }

    @Test
    void unknown_model_has_none() {
        assertThat(limits.outputTokensMax(ModelNames.requested("openai", "mystery")))
                .isEmpty();
        assertThat(limits.outputTokensMax(ModelNames.requested("local", "gpt-4")))
                .isEmpty();
    }

    /** A hold for a call that names no maximum needs one; only models that answer with text are asked. */
    @Test
    void models_with_a_price_have_a_maximum() {
        // Given
        var book = BuiltInPrices.load();

        // When
        var without = book.rows().stream()
                .filter(row -> row.prices().prices(Component.OUTPUT))
                .map(row ->
                        ModelNames.requested(row.model().provider(), row.model().model()))
                .filter(names -> limits.outputTokensMax(names).isEmpty())
                .map(ModelNames::requested)
                .toList();

        // Then
        assertThat(without).allMatch(model -> model.contains("image"));
    }
}
