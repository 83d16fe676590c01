package dev.quotary.price;

import static dev.quotary.price.PriceFixtures.only;
import static dev.quotary.price.PriceFixtures.perMillion;
import static dev.quotary.price.PriceFixtures.prices;
import static dev.quotary.price.PriceFixtures.receipt;
import static dev.quotary.price.PriceFixtures.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quotary.money.Money;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PriceTableTest {
    private static final UnitPrices STANDARD = prices(Map.of(
            Component.INPUT, "2",
            Component.CACHED_INPUT, "0.2",
            Component.CACHE_WRITE_5M, "2.5",
            Component.CACHE_WRITE_1H, "4",
            Component.OUTPUT, "10"));
    private static final UnitPrices LONG = prices(Map.of(
            Component.INPUT, "4",
            Component.CACHED_INPUT, "0.4",
            Component.CACHE_WRITE_5M, "5",
            Component.CACHE_WRITE_1H, "8",
            Component.OUTPUT, "15"));
    private static final long THRESHOLD = 1000;

    private static PriceRow tiered(Map<ServiceTier, TierPrices> tiers) {
        return row(new PriceTable(tiers, OptionalLong.of(THRESHOLD)));
    }

    private static String longPrice(PriceRow row, Component component, ServiceTier tier) {
        var line = receipt(row, only(component, THRESHOLD + 1), tier).lines().getFirst();
        return UnitPrices.plain(line.unitPrice().movePointRight(6)).toPlainString();
    }

    @Test
    void missing_cache_prices_fall_back_to_input() {
        // Given
        var row = row(PriceTable.of(prices("3", "9")));

        // Then
        assertThat(perMillion(row, Component.CACHED_INPUT, ServiceTier.STANDARD))
                .isEqualTo("3");
        assertThat(perMillion(row, Component.CACHE_WRITE_5M, ServiceTier.STANDARD))
                .isEqualTo("3");
        assertThat(perMillion(row, Component.CACHE_WRITE_1H, ServiceTier.STANDARD))
                .isEqualTo("3");
    }

    @Test
    void missing_long_write_price_falls_back_to_the_dearer_of_input_and_short_write() {
        // Given
        var dearWrite = row(PriceTable.of(prices(Map.of(Component.INPUT, "2", Component.CACHE_WRITE_5M, "2.5"))));
        var cheapWrite = row(PriceTable.of(prices(Map.of(Component.INPUT, "2", Component.CACHE_WRITE_5M, "1"))));

        // Then
        assertThat(perMillion(dearWrite, Component.CACHE_WRITE_1H, ServiceTier.STANDARD))
                .isEqualTo("2.5");
        assertThat(perMillion(cheapWrite, Component.CACHE_WRITE_1H, ServiceTier.STANDARD))
                .isEqualTo("2");
    }

    @Test
    void audio_and_output_have_no_fall_back() {
        // Given
        var row = row(PriceTable.of(prices(Map.of(Component.INPUT, "2"))));

        // When
        var pricing = row.price(
                TokenUsage.builder()
                        .set(Component.INPUT, 1)
                        .set(Component.INPUT_AUDIO, 1)
                        .set(Component.OUTPUT, 1)
                        .set(Component.OUTPUT_AUDIO, 1)
                        .build(),
                ServiceTier.STANDARD);

        // Then
        assertThat(pricing)
                .isEqualTo(
                        new Pricing.Unpriced(Set.of(Component.INPUT_AUDIO, Component.OUTPUT, Component.OUTPUT_AUDIO)));
        assertThat(row.cost(only(Component.OUTPUT, 1), ServiceTier.STANDARD)).isEmpty();
        assertThat(row.prices().prices(Component.OUTPUT)).isFalse();
        assertThat(row.prices().prices(Component.CACHED_INPUT)).isTrue();
    }

    @Test
    void declared_audio_has_its_own_price() {
        // Given
        var row = row(PriceTable.of(prices(Map.of(
                Component.INPUT, "1",
                Component.INPUT_AUDIO, "40",
                Component.OUTPUT, "2",
                Component.OUTPUT_AUDIO, "80"))));

        // When
        var receipt = receipt(
                row,
                TokenUsage.builder()
                        .set(Component.INPUT, 1)
                        .set(Component.INPUT_AUDIO, 2)
                        .set(Component.OUTPUT, 3)
                        .set(Component.OUTPUT_AUDIO, 4)
                        .build(),
                ServiceTier.STANDARD);

        // Then
        assertThat(receipt.total()).hasToString("0.000407");
    }

    @Test
    void tier_without_prices_is_charged_at_standard_and_says_so() {
        // Given
        var row = row(PriceTable.of(STANDARD));

        for (var tier : EnumSet.complementOf(EnumSet.of(ServiceTier.STANDARD))) {
            // When
            var receipt = receipt(row, TokenUsage.of(1, 1), tier);

            // Then
            assertThat(receipt.tier()).isEqualTo(tier);
            assertThat(receipt.priceTier()).isEqualTo(ServiceTier.STANDARD);
            assertThat(receipt.total()).hasToString("0.000012");
        }
    }

    @Test
    void component_that_a_tier_leaves_out_costs_the_dearer_of_fall_back_and_standard() {
        // Given
        var row = row(new PriceTable(
                Map.of(
                        ServiceTier.STANDARD, TierPrices.of(STANDARD),
                        ServiceTier.PRIORITY, TierPrices.of(prices("3", "12")),
                        ServiceTier.BATCH, TierPrices.of(prices("1", "5"))),
                OptionalLong.empty()));

        // Then
        assertThat(perMillion(row, Component.CACHED_INPUT, ServiceTier.PRIORITY))
                .isEqualTo("3");
        assertThat(perMillion(row, Component.CACHE_WRITE_1H, ServiceTier.PRIORITY))
                .isEqualTo("4");
        assertThat(perMillion(row, Component.CACHED_INPUT, ServiceTier.BATCH)).isEqualTo("1");
        assertThat(perMillion(row, Component.CACHE_WRITE_5M, ServiceTier.BATCH)).isEqualTo("2.5");
    }

    @Test
    void tier_without_long_prices_costs_the_dearer_of_its_own_and_the_long_standard_price() {
        // Given
        var row = tiered(Map.of(
                ServiceTier.STANDARD, TierPrices.of(STANDARD, LONG),
                ServiceTier.PRIORITY,
                        TierPrices.of(prices(Map.of(
                                Component.INPUT, "3.5", Component.CACHED_INPUT, "0.7", Component.OUTPUT, "20")))));

        // Then
        assertThat(longPrice(row, Component.INPUT, ServiceTier.PRIORITY)).isEqualTo("4");
        assertThat(longPrice(row, Component.CACHED_INPUT, ServiceTier.PRIORITY)).isEqualTo("0.7");
        assertThat(longPrice(row, Component.CACHE_WRITE_1H, ServiceTier.PRIORITY))
                .isEqualTo("8");
    }

    @Test
    void undeclared_tier_pays_the_long_standard_price_for_a_long_prompt() {
        // Given
        var row = tiered(Map.of(ServiceTier.STANDARD, TierPrices.of(STANDARD, LONG)));

        // When
        var receipt = receipt(row, TokenUsage.of(THRESHOLD + 1, 1), ServiceTier.FLEX);

        // Then
        assertThat(receipt.longContext()).isTrue();
        assertThat(receipt.priceTier()).isEqualTo(ServiceTier.STANDARD);
        assertThat(receipt.total()).hasToString("0.004019");
    }

    @Test
    void long_price_that_is_left_out_falls_back_to_the_long_input_price() {
        // Given
        var row = tiered(Map.of(ServiceTier.STANDARD, TierPrices.of(STANDARD, prices("4", "15"))));

        // Then
        assertThat(longPrice(row, Component.CACHED_INPUT, ServiceTier.STANDARD)).isEqualTo("4");
        assertThat(longPrice(row, Component.CACHE_WRITE_5M, ServiceTier.STANDARD))
                .isEqualTo("4");
    }

    @Test
    void free_row_prices_everything_at_nothing() {
        // Given
        var row = PriceRow.free("own/local", new ModelPattern("local", "*"));

        // When
        var receipt = receipt(
                row,
                TokenUsage.builder()
                        .set(Component.INPUT, 1)
                        .set(Component.CACHED_INPUT, 2)
                        .set(Component.CACHE_WRITE_5M, 3)
                        .set(Component.CACHE_WRITE_1H, 4)
                        .set(Component.INPUT_AUDIO, 5)
                        .set(Component.OUTPUT, 6)
                        .set(Component.OUTPUT_AUDIO, 7)
                        .build(),
                ServiceTier.PRIORITY);

        // Then
        assertThat(receipt.lines()).isEmpty();
        assertThat(receipt.total()).isEqualTo(Money.ZERO);
        assertThat(row.free()).isTrue();
        assertThat(row.costMax(UsageBound.of(1_000_000, 1_000_000))).isEqualTo(Money.ZERO);
    }

    @Test
    void row_with_any_price_is_not_free() {
        assertThat(row(PriceTable.of(prices("0", "1"))).free()).isFalse();
        assertThat(tiered(Map.of(ServiceTier.STANDARD, TierPrices.of(prices("0", "0"), LONG)))
                        .free())
                .isFalse();
    }

    @Test
    void cost_max_takes_the_dearest_kind_tier_and_context() {
        // Given
        var row = tiered(Map.of(
                ServiceTier.STANDARD, TierPrices.of(STANDARD, LONG),
                ServiceTier.PRIORITY, TierPrices.of(prices("5", "20"))));
        var standard = Set.of(ServiceTier.STANDARD);
        var noWrites = Set.of(Component.CACHE_WRITE_5M, Component.CACHE_WRITE_1H);

        // Then
        assertThat(row.costMax(UsageBound.of(1000, 100).servedAt(standard))).hasToString("0.005");
        assertThat(row.costMax(UsageBound.of(1000, 100).servedAt(standard).without(noWrites)))
                .hasToString("0.003");
        assertThat(row.costMax(UsageBound.of(1001, 100).servedAt(standard))).hasToString("0.009508");
        assertThat(row.costMax(UsageBound.of(1000, 100))).hasToString("0.007");
        assertThat(row.costMax(UsageBound.of(1001, 100))).hasToString("0.010008");
        assertThat(row.costMax(UsageBound.of(0, 0))).isEqualTo(Money.ZERO);
    }

    @Test
    void cost_max_rounds_up() {
        // Given: 1.5 picodollars a token
        var row = row(PriceTable.of(prices("0.0000015", "0")));

        // Then
        assertThat(row.costMax(UsageBound.of(1, 0))).isEqualTo(new Money(2));
        assertThat(row.costMax(UsageBound.of(2, 0))).isEqualTo(new Money(3));
        assertThat(row.costMax(UsageBound.of(3, 0))).isEqualTo(new Money(5));
        assertThat(row(PriceTable.of(prices("0.000000001", "0"))).costMax(UsageBound.of(1, 0)))
                .isEqualTo(new Money(1));
    }

    @Test
    void cost_max_beyond_money_is_the_most_that_money_holds() {
        // Given
        var row = row(PriceTable.of(prices("600", "600")));

        // Then
        assertThat(row.costMax(UsageBound.of(TokenUsage.TOKENS_MAX, 0))).isEqualTo(Money.MAX);
    }

    @Test
    void tables_are_equal_by_what_was_declared() {
        // Given
        var one = tiered(Map.of(ServiceTier.STANDARD, TierPrices.of(STANDARD, LONG)));
        var same = tiered(Map.of(ServiceTier.STANDARD, TierPrices.of(STANDARD, LONG)));
        var other = tiered(Map.of(ServiceTier.STANDARD, TierPrices.of(LONG, LONG)));

        // Then
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
        assertThat(one.prices())
                .isNotEqualTo(PriceTable.of(STANDARD))
                .hasToString(same.prices().toString());
    }

    @Test
    void table_without_standard_prices_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new PriceTable(Map.of(ServiceTier.BATCH, TierPrices.of(STANDARD)), OptionalLong.empty()))
                .withMessageContaining("standard");
    }

    @Test
    void threshold_and_long_prices_come_together() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PriceTable(
                        Map.of(ServiceTier.STANDARD, TierPrices.of(STANDARD, LONG)), OptionalLong.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tiered(Map.of(ServiceTier.STANDARD, TierPrices.of(STANDARD))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PriceTable(
                        Map.of(ServiceTier.STANDARD, TierPrices.of(STANDARD, LONG)), OptionalLong.of(-1)));
    }
}
