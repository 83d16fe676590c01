package dev.quotary.analytics.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.analytics.advice.Advice.Cheaper;
import dev.quotary.money.Money;
import dev.quotary.price.BuiltInPrices;
import dev.quotary.price.Component;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdvisorTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private final Advisor advisor = new Advisor(BuiltInPrices.load(), NOW);

    private static ModelUse use(String provider, String model, Map<Component, Long> buckets) {
        return new ModelUse(provider, model, "chat", 100, buckets, Money.parse("1"));
    }

    @Test
    void model_of_the_same_line_that_costs_less_is_named_with_its_exact_cost() {
        // Given
        var use = use("openai", "gpt-5.6-sol", Map.of(Component.INPUT, 1_000_000L, Component.OUTPUT, 100_000L));
        // When
        var advice = advisor.advise(use);
        // Then
        assertThat(advice.listed()).hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("6"));
        assertThat(advice.models())
                .extracting(Cheaper::what)
                .contains("gpt-6.2-sol")
                .doesNotContain("gpt-5.6-luna");
        assertThat(advice.models().getFirst().cost()).isEqualByComparingTo("3");
        assertThat(advice.models().getFirst().saving()).isEqualByComparingTo("3");
    }

    @Test
    void batches_are_half_of_it() {
        // Given
        var use = use("openai", "gpt-5.6-sol", Map.of(Component.INPUT, 1_000_000L, Component.OUTPUT, 100_000L));
        // When
        var tiers = advisor.advise(use).tiers();
        // Then
        assertThat(tiers).extracting(Cheaper::what).containsExactly("batch", "flex");
        assertThat(tiers.getFirst().cost()).isEqualByComparingTo("3");
    }

    @Test
    void sums_of_many_calls_are_not_priced_as_one_long_prompt() {
        // Given
        var use = use("openai", "gpt-5.6-sol", Map.of(Component.INPUT, 100_000_000L));
        // When / Then
        assertThat(advisor.advise(use).listed())
                .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("400"));
    }

    @Test
    void cache_is_told_by_what_it_saved_and_could() {
        // Given
        var use = use("openai", "gpt-5.6-sol", Map.of(Component.INPUT, 3_000_000L, Component.CACHED_INPUT, 1_000_000L));
        // When
        var cache = advisor.advise(use).cache().orElseThrow();
        // Then
        assertThat(cache.percent()).isEqualTo(25);
        assertThat(cache.saved()).isEqualByComparingTo(new BigDecimal("3.6"));
        assertThat(cache.halfOfRest()).isEqualByComparingTo(new BigDecimal("5.4"));
    }

    @Test
    void model_without_a_price_has_no_advice() {
        // When
        var advice = advisor.advise(use("openai", "nobody-knows-it", Map.of(Component.INPUT, 1L)));
        // Then
        assertThat(advice.listed()).isEmpty();
        assertThat(advice.models()).isEmpty();
        assertThat(advice.tiers()).isEmpty();
        assertThat(advice.cache()).isEmpty();
    }

    @Test
    void versions_dates_and_stages_do_not_make_a_line() {
        assertThat(ModelLine.of("claude-3-5-haiku")).isEqualTo("claude-haiku");
        assertThat(ModelLine.of("claude-haiku-4-5-20251001")).isEqualTo("claude-haiku");
        assertThat(ModelLine.of("gpt-4o-mini")).isEqualTo("gpt-mini");
        assertThat(ModelLine.of("gpt-5-mini")).isEqualTo("gpt-mini");
        assertThat(ModelLine.of("gemini-2.5-flash-lite-preview-09-2025")).isEqualTo("gemini-flash-lite");
        assertThat(ModelLine.of("o3")).isEmpty();
    }
}
