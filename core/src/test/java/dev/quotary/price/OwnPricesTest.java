package dev.quotary.price;

import static dev.quotary.price.PriceFixtures.at;
import static dev.quotary.price.PriceFixtures.prices;
import static dev.quotary.price.PriceFixtures.receipt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Prices, discounts and mark-ups that lie over a book. */
class OwnPricesTest {
    private static final Instant NOW = at("2026-11-27T12:00:00Z");
    private static final TokenUsage MILLION = TokenUsage.of(1_000_000, 0);

    private static PriceRow row(String id, String model, String input) {
        return new PriceRow(
                id,
                new ModelPattern("p", model),
                PricePeriod.ALWAYS,
                PriceTable.of(prices(input, "2")),
                Provenance.NONE);
    }

    private static Adjustment adjustment(String model, PricePeriod period, String percent) {
        return new Adjustment(Optional.of("p"), model, period, new BigDecimal(percent));
    }

    private static Adjustment everywhere(String percent) {
        return new Adjustment(Optional.empty(), "*", PricePeriod.ALWAYS, new BigDecimal(percent));
    }

    private static OwnPrices own(List<PriceRow> rows, Adjustment... adjustments) {
        return new OwnPrices(rows, List.of(adjustments), Optional.empty());
    }

    private static String cost(PriceBook book, String model) {
        var row = book.find(ModelNames.requested("p", model), NOW).orElseThrow();
        return row.cost(MILLION, ServiceTier.STANDARD).orElseThrow().toString();
    }

    private static PriceBook list() {
        return PriceBook.of(List.of(row("list-m", "m", "10"), row("list-n", "n", "20")));
    }

    @Test
    void markup_changes_what_lies_below_and_not_what_lies_beside() {
        // When
        var book = list().with(own(List.of(row("own", "n", "7")), everywhere("20")));

        // Then
        assertThat(cost(book, "m")).isEqualTo("12");
        assertThat(cost(book, "n")).isEqualTo("7");
    }

    @Test
    void discounts_of_two_levels_multiply() {
        // When
        var operator = list().with(own(List.of(row("operator", "n", "7")), everywhere("-10")));
        var organization = operator.with(own(List.of(), everywhere("20")));

        // Then
        assertThat(cost(operator, "m")).isEqualTo("9");
        assertThat(cost(organization, "m")).isEqualTo("10.8");
        assertThat(cost(organization, "n")).isEqualTo("8.4");
    }

    @Test
    void closest_adjustment_counts_alone() {
        // When
        var book = list().with(own(
                List.of(),
                everywhere("100"),
                adjustment("*", PricePeriod.ALWAYS, "50"),
                adjustment("n*", PricePeriod.ALWAYS, "10"),
                adjustment("n", PricePeriod.ALWAYS, "5")));

        // Then
        assertThat(cost(book, "m")).isEqualTo("15");
        assertThat(cost(book, "n")).isEqualTo("21");
    }

    @Test
    void adjustment_holds_from_its_beginning_to_its_end() {
        // Given
        var march = at("2026-03-01T00:00:00Z");
        var july = at("2026-07-01T00:00:00Z");
        var book = list().with(
                        own(List.of(), adjustment("m", new PricePeriod(Optional.of(march), Optional.of(july)), "-50")));

        // When
        var names = ModelNames.requested("p", "m");
        var shown = List.of(march.minusNanos(1), march, july.minusNanos(1), july).stream()
                .map(at -> receipt(book.find(names, at).orElseThrow(), MILLION, ServiceTier.STANDARD))
                .toList();

        // Then
        assertThat(shown).extracting(receipt -> receipt.total().toString()).containsExactly("10", "5", "5", "10");
        assertThat(shown)
                .extracting(Receipt::adjustment)
                .containsExactly(BigDecimal.ONE, new BigDecimal("0.5"), new BigDecimal("0.5"), BigDecimal.ONE);
        assertThat(shown).extracting(Receipt::priceRow).containsOnly("list-m");
    }

    @Test
    void fees_are_adjusted_too() {
        // Given
        var priced = new PriceRow(
                "searching",
                new ModelPattern("p", "m"),
                PricePeriod.ALWAYS,
                PriceTable.of(
                        prices(Map.of(Component.INPUT, "1", Component.OUTPUT, "2", Component.WEB_SEARCHES, "10000"))),
                Provenance.NONE);
        var book = PriceBook.of(List.of(priced)).with(own(List.of(), everywhere("12.3456")));

        // When
        var row = book.find(ModelNames.requested("p", "m"), NOW).orElseThrow();

        // Then
        assertThat(row.cost(TokenUsage.NONE.with(Component.WEB_SEARCHES, 1), ServiceTier.STANDARD)
                        .orElseThrow())
                .hasToString("0.01123456");
        assertThat(row.costMax(UsageBound.of(1_000_000, 0))).hasToString("1.123456");
    }

    @Test
    void unknown_model_costs_what_is_declared_for_it_after_all_names_were_tried() {
        // Given
        var dear = new PriceRow(
                "dear", OwnPrices.UNKNOWN, PricePeriod.ALWAYS, PriceTable.of(prices("100", "200")), Provenance.NONE);
        var book = list().with(new OwnPrices(List.of(), List.of(), Optional.of(dear)));

        // When
        var requested = book.find(ModelNames.requested("p", "m").servedAs("m-of-tomorrow"), NOW);

        // Then
        assertThat(requested.orElseThrow().id()).isEqualTo("list-m");
        assertThat(cost(book, "x")).isEqualTo("100");
        assertThat(cost(book.with(own(List.of(), everywhere("10"))), "x")).isEqualTo("110");
        assertThat(book.find(ModelNames.requested("q", "x"), NOW).orElseThrow().id())
                .isEqualTo("dear");
    }

    @Test
    void amount_that_a_provider_states_is_adjusted_unless_there_is_an_own_price() {
        // Given
        var book = list().with(own(List.of(row("own", "n", "7")), everywhere("25")));
        var stated = new BigDecimal("0.4");

        // Then
        assertThat(book.adjusted(ModelNames.requested("p", "m"), stated, NOW))
                .hasValueSatisfying(amount -> assertThat(amount).isEqualByComparingTo("0.5"));
        assertThat(book.adjusted(ModelNames.requested("p", "n"), stated, NOW)).isEmpty();
    }

    @Test
    void impossible_adjustments_are_refused() {
        for (var percent : new String[] {"-100.1", "10000.1", "1.00001"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> everywhere(percent));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Adjustment(Optional.empty(), "a*b", PricePeriod.ALWAYS, BigDecimal.ONE));
        assertThatIllegalArgumentException().isThrownBy(() -> own(List.of(), everywhere("1"), everywhere("2")));
    }
}
