package dev.quotary.price;

import static dev.quotary.price.PriceFixtures.prices;
import static dev.quotary.price.PriceFixtures.receipt;
import static dev.quotary.price.PriceFixtures.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quotary.money.Money;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReceiptTest {
    @Test
    void total_is_rounded_once_and_not_line_by_line() {
        // Given: 0.4 and 0.4 picodollars a token; each line alone would round to nothing
        var row = row(PriceTable.of(prices("0.0000004", "0.0000004")));

        // When
        var receipt = receipt(row, TokenUsage.of(1, 1), ServiceTier.STANDARD);

        // Then
        assertThat(receipt.total()).isEqualTo(new Money(1));
        assertThat(receipt.lines()).extracting(Receipt.Line::amount).containsOnly(new BigDecimal("0.0000000000004"));
    }

    @Test
    void thirteenth_decimal_of_5_rounds_up_and_of_4_down() {
        // Given: list prices times 0.5 and 1.1 need up to 13 decimals a token
        var half = row(PriceTable.of(prices("0.0000005", "0")));
        var less = row(PriceTable.of(prices("0.0000004", "0")));

        // When
        var up = receipt(half, TokenUsage.of(1, 0), ServiceTier.STANDARD);
        var down = receipt(less, TokenUsage.of(1, 0), ServiceTier.STANDARD);

        // Then
        assertThat(up.total()).isEqualTo(new Money(1));
        assertThat(down.total()).isEqualTo(Money.ZERO);
        assertThat(half.cost(TokenUsage.of(1, 0), ServiceTier.STANDARD)).contains(new Money(1));
        assertThat(less.cost(TokenUsage.of(1, 0), ServiceTier.STANDARD)).contains(Money.ZERO);
    }

    @Test
    void price_finer_than_femtodollars_is_exact_all_the_same() {
        // Given
        var row = row(PriceTable.of(prices("0.000000499999999999", "0")));

        // Then
        assertThat(row.cost(TokenUsage.of(1, 0), ServiceTier.STANDARD)).contains(Money.ZERO);
        assertThat(row.cost(TokenUsage.of(1_000_000_000_000L, 0), ServiceTier.STANDARD))
                .contains(new Money(499_999_999_999L));
    }

    @Test
    void decimals_of_lines_are_plain() {
        // Given
        var row = row(PriceTable.of(prices("20000000", "0")));

        // When
        var line =
                receipt(row, TokenUsage.of(5, 0), ServiceTier.STANDARD).lines().getFirst();

        // Then
        assertThat(line.unitPrice()).hasToString("20");
        assertThat(line.amount()).hasToString("100");
    }

    @Test
    void cost_over_the_maximum_is_an_answer() {
        // Given
        var row = row(PriceTable.of(prices("600", "600")));
        var usage = TokenUsage.of(TokenUsage.TOKENS_MAX, 0);

        // Then
        assertThat(row.price(usage, ServiceTier.STANDARD)).isEqualTo(new Pricing.OverMaximum());
        assertThat(row.cost(usage, ServiceTier.STANDARD)).isEmpty();
    }

    @Test
    void the_largest_money_is_still_a_cost() {
        // Given: 9223372.036854775807 dollars a unit would be over the largest price, so 1 dollar a unit
        var row = row(PriceTable.of(prices("1000000", "0.000001")));

        // Then: exactly the maximum, then one picodollar more
        assertThat(row.cost(TokenUsage.of(9_223_372L, 36_854_775_807L), ServiceTier.STANDARD))
                .contains(Money.MAX);
        assertThat(row.cost(TokenUsage.of(9_223_372L, 36_854_775_808L), ServiceTier.STANDARD))
                .isEmpty();
    }

    @Test
    void products_that_fit_a_long_each_but_not_together_are_exact_all_the_same() {
        // Given: 1 dollar, which is 10^15 femtodollars, for a unit of anything
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        for (var component : Component.values()) {
            prices.put(component, new BigDecimal("1000000"));
        }
        var row = row(PriceTable.of(new UnitPrices(prices)));
        var counts = TokenUsage.builder();
        for (var component : Component.values()) {
            counts.set(component, 9000);
        }
        var usage = counts.build();

        // Then
        assertThat(row.cost(usage, ServiceTier.STANDARD).orElseThrow()).hasToString("144000");
        assertThat(row.costMax(UsageBound.of(9000, 9000).withFees(usage.fees())))
                .hasToString("81000");
    }

    @Test
    void usage_of_nothing_costs_nothing() {
        // Given
        var row = row(PriceTable.of(prices("1", "2")));

        // When
        var receipt = receipt(row, TokenUsage.NONE, ServiceTier.STANDARD);

        // Then
        assertThat(receipt.lines()).isEmpty();
        assertThat(receipt.total()).isEqualTo(Money.ZERO);
    }

    @Test
    void reasoning_is_not_charged_on_top_of_output() {
        // Given
        var row = row(PriceTable.of(prices("1", "2")));
        var usage =
                TokenUsage.builder().set(Component.OUTPUT, 100).reasoning(90).build();

        // Then
        assertThat(row.cost(usage, ServiceTier.STANDARD).orElseThrow()).hasToString("0.0002");
    }

    @Test
    void receipt_whose_total_is_not_its_sum_is_refused() {
        // Given
        var line = new Receipt.Line(Component.INPUT, 2, new BigDecimal("0.5"), new BigDecimal("1.0"));

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Receipt(
                        "row",
                        ServiceTier.STANDARD,
                        ServiceTier.STANDARD,
                        false,
                        Map.of(),
                        BigDecimal.ONE,
                        List.of(line),
                        Money.parse("2")));
    }

    @Test
    void line_whose_amount_is_not_its_product_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Receipt.Line(Component.INPUT, 2, new BigDecimal("0.5"), new BigDecimal("1.5")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Receipt.Line(Component.INPUT, -1, BigDecimal.ONE, BigDecimal.ONE.negate()));
    }

    @Test
    void unpriced_names_something() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Pricing.Unpriced(Set.of()));
    }
}
