package dev.quotary.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.price.BuiltInPrices;
import dev.quotary.price.ModelNames;
import dev.quotary.price.Modifier;
import dev.quotary.price.PartUsage;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TariffTest {
    private static final OrganizationKey ACME = new OrganizationKey("acme");
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final Tariff tariff =
            new Tariff(new Catalog(new Declarations(Map.of(), Map.of(), Map.of(), BuiltInPrices.load())));

    private Priced price(String model, String adviser, Modifier... modifiers) {
        var part = new PartUsage(adviser, TokenUsage.of(1_000, 100));
        var use = new Use(TokenUsage.of(1_000, 100), List.of(part), ServiceTier.STANDARD, Set.of(modifiers));
        return tariff.price(ACME, ModelNames.of("anthropic", model, null), use, NOW);
    }

    /** Opus 5 costs 5 and 25 dollars per million, and twice as much in fast mode; haiku 4.5 costs 1 and 5 and has no fast mode. */
    @ParameterizedTest
    @CsvSource({
        "claude-opus-5,   claude-haiku-4-5, 0.015, 0.0015",
        "claude-opus-5,   claude-opus-4-7,  0.015, 0.045",
        "claude-opus-4-7, claude-opus-5,    0.045, 0.015"
    })
    void fast_mode_of_the_called_model_is_that_of_a_part_where_the_parts_model_has_one(
            String model, String adviser, String own, String part) {
        // When
        var priced = price(model, adviser, Modifier.FAST);
        // Then
        assertThat(priced.receipt().orElseThrow().total()).hasToString(own);
        assertThat(priced.parts().getFirst().receipt().orElseThrow().total()).hasToString(part);
        assertThat(priced.cost()).isPresent();
    }

    @Test
    void called_model_without_a_price_for_its_mode_leaves_the_call_without_a_cost() {
        // When
        var priced = price("claude-haiku-4-5", "claude-opus-5", Modifier.FAST);
        // Then
        assertThat(priced.known()).isTrue();
        assertThat(priced.cost()).isEqualTo(Optional.empty());
    }

    @Test
    void part_of_a_model_without_any_price_leaves_the_call_without_a_cost() {
        assertThat(price("claude-opus-5", "unheard-of").cost()).isEqualTo(Optional.empty());
    }

    @Test
    void price_of_a_part_carries_the_modifiers_that_it_was_priced_with() {
        // When
        var priced = price("claude-opus-5", "claude-haiku-4-5", Modifier.FAST, Modifier.REGION_US);
        // Then
        assertThat(priced.receipt().orElseThrow().modifiers()).containsOnlyKeys(Modifier.FAST, Modifier.REGION_US);
        assertThat(priced.parts().getFirst().receipt().orElseThrow().modifiers())
                .isEmpty();
    }
}
