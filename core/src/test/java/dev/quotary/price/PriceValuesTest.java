package dev.quotary.price;

import static dev.quotary.price.PriceFixtures.at;
import static dev.quotary.price.PriceFixtures.prices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The values that prices are made of, and what they refuse. */
class PriceValuesTest {
    @Test
    void absent_price_is_not_a_price_of_0() {
        // When
        var prices = prices(Map.of(Component.INPUT, "0"));

        // Then
        assertThat(prices.of(Component.INPUT)).contains(BigDecimal.ZERO);
        assertThat(prices.of(Component.OUTPUT)).isEmpty();
    }

    @Test
    void equal_prices_are_equal_however_they_were_written() {
        assertThat(prices("2.50", "1e1")).isEqualTo(prices("2.5", "10"));
        assertThat(prices("2.50", "1e1").of(Component.OUTPUT).orElseThrow()).hasToString("10");
    }

    @Test
    void factor_applies_to_every_price() {
        assertThat(prices("0.0375", "5").times(new BigDecimal("0.5"))).isEqualTo(prices("0.01875", "2.5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1,5", "NaN", "12345678901234567890123456789012345678901"})
    void text_that_is_no_price_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> UnitPrices.price(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000000.1", "1e10", "1e999999999", "1e-19", "1e-999999999", "0.0000000000000000001"})
    void price_out_of_range_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> prices(Map.of(Component.INPUT, text)));
    }

    @Test
    void prices_without_any_component_and_negative_products_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new UnitPrices(Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> prices("1", "2").times(new BigDecimal("-1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a*b", "*a", "**", "line\nend"})
    void pattern_has_its_star_at_the_end_or_not_at_all(String model) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ModelPattern("p", model));
    }

    @Test
    void pattern_names_one_provider() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ModelPattern("*", "m"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ModelPattern("", "m"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ModelPattern("p", "m".repeat(257)));
        assertThat(new ModelPattern("p", "m*")).hasToString("p/m*");
    }

    @Test
    void period_is_half_open() {
        // Given
        var from = at("2026-08-21T00:00:00Z");
        var until = at("2026-09-01T00:00:00Z");
        var period = new PricePeriod(Optional.of(from), Optional.of(until));

        // Then
        assertThat(period.contains(from.minusNanos(1))).isFalse();
        assertThat(period.contains(from)).isTrue();
        assertThat(period.contains(until.minusNanos(1))).isTrue();
        assertThat(period.contains(until)).isFalse();
        assertThat(PricePeriod.ALWAYS.contains(at("-0001-01-01T00:00:00Z"))).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new PricePeriod(Optional.of(from), Optional.of(from)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\tb"})
    void row_has_a_printable_id(String id) {
        assertThatIllegalArgumentException().isThrownBy(() -> PriceFixtures.row(id, "p", "m", PricePeriod.ALWAYS));
    }

    @Test
    void bound_is_checked() {
        assertThatIllegalArgumentException().isThrownBy(() -> UsageBound.of(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> UsageBound.of(0, TokenUsage.TOKENS_MAX + 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsageBound.of(1, 1).servedAt(Set.of()));
    }

    @Test
    void bound_without_any_component_costs_nothing() {
        // Given
        var row = PriceFixtures.row("row", "p", "m", PricePeriod.ALWAYS);

        // When
        var most = row.costMax(UsageBound.of(1, 1).without(EnumSet.allOf(Component.class)));

        // Then
        assertThat(most.picos()).isZero();
    }
}
