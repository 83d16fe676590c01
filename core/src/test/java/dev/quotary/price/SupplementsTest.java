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
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Fees and factors that are declared for many models at once. */
class SupplementsTest {
    private static final Instant MARCH = at("2026-03-01T00:00:00Z");
    private static final Instant JULY = at("2026-07-01T00:00:00Z");
    private static final TokenUsage SEARCH = TokenUsage.NONE.with(Component.WEB_SEARCHES, 1);

    private static FeePrice search(String model, PricePeriod period, String perMillion) {
        return new FeePrice(
                new ModelPattern("p", model),
                period,
                Component.WEB_SEARCHES,
                new BigDecimal(perMillion),
                Provenance.NONE);
    }

    private static ModifierFactor factor(String model, Modifier modifier, String factor) {
        return new ModifierFactor(
                new ModelPattern("p", model), PricePeriod.ALWAYS, modifier, new BigDecimal(factor), Provenance.NONE);
    }

    private static PriceRow found(PriceBook book, Instant at) {
        return book.find(ModelNames.requested("p", "m"), at).orElseThrow();
    }

    private static PriceBook book(PriceRow row, Supplement... supplements) {
        return PriceBook.of(List.of(row), ModelFamilies.WITHOUT_ALIASES, new Supplements(List.of(supplements)));
    }

    private static PriceRow row(PriceTable table) {
        return new PriceRow("row", new ModelPattern("p", "m"), PricePeriod.ALWAYS, table, Provenance.NONE);
    }

    @Test
    void fee_changes_at_its_date_and_the_row_keeps_its_name() {
        // Given
        var before = new PricePeriod(Optional.empty(), Optional.of(MARCH));
        var book = book(
                row(PriceTable.of(prices("1", "2"))),
                search("*", before, "10000"),
                search("*", PricePeriod.from(MARCH), "20000"));

        // When
        var old = receipt(found(book, MARCH.minusNanos(1)), SEARCH, ServiceTier.STANDARD);
        var changed = receipt(found(book, MARCH), SEARCH, ServiceTier.STANDARD);

        // Then
        assertThat(old.total()).hasToString("0.01");
        assertThat(changed.total()).hasToString("0.02");
        assertThat(List.of(old.priceRow(), changed.priceRow())).containsOnly("row");
    }

    @Test
    void fee_that_has_ended_leaves_the_search_without_a_price() {
        // Given
        var book = book(
                row(PriceTable.of(prices("1", "2"))),
                search("*", new PricePeriod(Optional.of(MARCH), Optional.of(JULY)), "10000"));

        // Then
        assertThat(found(book, MARCH.minusNanos(1)).cost(SEARCH, ServiceTier.STANDARD))
                .isEmpty();
        assertThat(found(book, MARCH).cost(SEARCH, ServiceTier.STANDARD)).isPresent();
        assertThat(found(book, JULY).cost(SEARCH, ServiceTier.STANDARD)).isEmpty();
        assertThat(found(book, JULY).cost(TokenUsage.of(1, 1), ServiceTier.STANDARD))
                .isPresent();
    }

    @Test
    void fee_of_the_model_comes_before_that_of_its_beginning_and_the_row_before_both() {
        // Given
        var general = search("*", PricePeriod.ALWAYS, "10000");
        var own = search("m", PricePeriod.ALWAYS, "5000");
        var named = PriceTable.of(
                prices(Map.of(Component.INPUT, "1", Component.OUTPUT, "2", Component.WEB_SEARCHES, "3000")));

        // When
        var closest = receipt(
                found(book(row(PriceTable.of(prices("1", "2"))), general, own), MARCH), SEARCH, ServiceTier.STANDARD);
        var ofRow = receipt(found(book(row(named), general, own), MARCH), SEARCH, ServiceTier.STANDARD);

        // Then
        assertThat(closest.total()).hasToString("0.005");
        assertThat(ofRow.total()).hasToString("0.003");
    }

    @Test
    void rows_laid_over_the_book_are_completed_too_and_free_ones_stay_free() {
        // Given
        var builtIn = book(row(PriceTable.of(prices("1", "2"))), search("*", PricePeriod.ALWAYS, "10000"));
        var own = new PriceRow(
                "own",
                new ModelPattern("p", "m"),
                PricePeriod.ALWAYS,
                PriceTable.of(prices("3", "4")),
                Provenance.NONE);

        // When
        var over = found(builtIn.with(List.of(own)), MARCH);
        var free = found(builtIn.with(List.of(PriceRow.free("free", new ModelPattern("p", "*")))), MARCH);

        // Then
        assertThat(receipt(over, SEARCH, ServiceTier.STANDARD).priceRow()).isEqualTo("own");
        assertThat(receipt(over, SEARCH, ServiceTier.STANDARD).total()).hasToString("0.01");
        assertThat(receipt(free, SEARCH, ServiceTier.STANDARD).total()).hasToString("0");
    }

    @Test
    void factors_multiply_one_another_and_tokens_only() {
        // Given
        var book = book(
                row(PriceTable.of(prices("1", "2"))),
                search("*", PricePeriod.ALWAYS, "10000"),
                factor("m", Modifier.FAST, "6"),
                factor("*", Modifier.REGION_US, "1.1"));
        var usage = TokenUsage.of(1_000_000, 0).with(Component.WEB_SEARCHES, 1);
        var both = Set.of(Modifier.FAST, Modifier.REGION_US);

        // When
        var pricing = found(book, MARCH).price(usage, ServiceTier.STANDARD, both);

        // Then
        assertThat(pricing).isInstanceOfSatisfying(Pricing.Priced.class, priced -> {
            assertThat(priced.receipt().total()).hasToString("6.61");
            assertThat(priced.receipt().modifiers())
                    .containsExactly(
                            Map.entry(Modifier.FAST, new BigDecimal("6")),
                            Map.entry(Modifier.REGION_US, new BigDecimal("1.1")));
        });
    }

    @Test
    void bound_takes_the_dearest_modifiers_that_may_apply_and_every_fee() {
        // Given
        var row = found(
                book(
                        row(PriceTable.of(prices("1", "2"))),
                        search("*", PricePeriod.ALWAYS, "10000"),
                        factor("m", Modifier.FAST, "6"),
                        factor("m", Modifier.REGION_EU, "0.5")),
                MARCH);
        var bound = UsageBound.of(1_000_000, 0)
                .withFees(SEARCH.with(Component.WEB_SEARCHES, 3).fees());

        // Then
        assertThat(row.costMax(bound)).hasToString("6.03");
        assertThat(row.costMax(bound.modifiedBy(Set.of(Modifier.REGION_EU)))).hasToString("1.03");
        assertThat(row.costMax(bound.modifiedBy(Set.of()))).hasToString("1.03");
    }

    @Test
    void call_itself_costs_nothing_unless_a_price_is_declared() {
        // Given
        var plain = row(PriceTable.of(prices("1", "2")));
        var charged = row(
                PriceTable.of(prices(Map.of(Component.INPUT, "1", Component.OUTPUT, "2", Component.REQUESTS, "5000"))));
        var usage = TokenUsage.of(1, 0);

        // Then
        assertThat(plain.ofOneCall(usage)).isEqualTo(usage);
        assertThat(plain.cost(usage.with(Component.REQUESTS, 7), ServiceTier.STANDARD)
                        .orElseThrow())
                .hasToString("0.000001");
        assertThat(charged.cost(charged.ofOneCall(usage), ServiceTier.STANDARD).orElseThrow())
                .hasToString("0.005001");
        assertThat(charged.costMax(UsageBound.of(1, 0))).hasToString("0.005001");
    }

    @Test
    void sheets_name_the_line_that_is_wrong() {
        assertWrong("p,m,tea,1,1,,,,", "line 2: column component: expected a component, was 'tea'");
        assertWrong("p,m,images,1,0,,,,", "line 2: column per: expected 1 or more units, was 0");
        assertWrong("p,m,images,1,3,,,,", "line 2: expected a price per unit that comes out even");
        assertWrong("p,m,images,-1,1,,,,", "line 2: column price: expected a price of 0 or more");
        assertWrong("p,m,images,1,1,soon,,,", "line 2: column effective_from");
    }

    private static void assertWrong(String line, String message) {
        var text = String.join(",", SupplementSheet.FEE_COLUMNS) + "\n" + line + "\n";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SupplementSheet.fees(CsvTable.parse("fees", text, SupplementSheet.FEE_COLUMNS)))
                .withMessageContaining(message);
    }

    @Test
    void factor_out_of_range_is_refused() {
        for (var wrong : new String[] {"0", "-1", "100.1", "1.0001"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ModifierFactors(Map.of(Modifier.FAST, new BigDecimal(wrong))));
        }
    }
}
