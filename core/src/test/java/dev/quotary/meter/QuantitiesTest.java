package dev.quotary.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quotary.money.Money;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuantitiesTest {
    private static final MeterKey FILES = new MeterKey("kb_file");

    @Test
    void every_meter_has_its_amount_and_others_have_none() {
        // When
        var quantities = new Quantities(1, 20, 30, 55, Map.of(FILES, 7L));
        // Then
        assertThat(quantities.of(MeterKey.REQUESTS)).isEqualTo(1);
        assertThat(quantities.of(MeterKey.TOKENS_INPUT)).isEqualTo(20);
        assertThat(quantities.of(MeterKey.TOKENS_OUTPUT)).isEqualTo(30);
        assertThat(quantities.of(MeterKey.TOKENS)).isEqualTo(55);
        assertThat(quantities.of(FILES)).isEqualTo(7);
        assertThat(quantities.of(new MeterKey("export"))).isZero();
    }

    @Test
    void total_of_tokens_follows_from_its_parts() {
        // When
        var quantities = Quantities.of(Map.of(MeterKey.TOKENS_INPUT, 20L, MeterKey.TOKENS_OUTPUT, 30L, FILES, 1L));
        // Then
        assertThat(quantities).isEqualTo(new Quantities(0, 20, 30, 50, Map.of(FILES, 1L)));
        assertThat(Quantities.ofTokens(1, 20, 30).tokens()).isEqualTo(50);
        assertThat(Quantities.of(Map.of(MeterKey.TOKENS, 9L))).isEqualTo(new Quantities(0, 0, 0, 9, Map.of()));
        assertThat(Quantities.of(Map.of())).isEqualTo(Quantities.NONE);
    }

    @Test
    void total_below_its_parts_is_refused() {
        // When, Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Quantities(1, 20, 30, 49, Map.of()))
                .withMessageContaining("50");
    }

    @Test
    void amounts_outside_of_what_one_call_can_use_are_refused() {
        // Given
        long over = Quantities.AMOUNT_MAX + 1;
        // When, Then
        for (var amounts : List.of(
                Map.of(MeterKey.REQUESTS, -1L),
                Map.of(MeterKey.TOKENS, -1L),
                Map.of(MeterKey.TOKENS_INPUT, -1L),
                Map.of(MeterKey.TOKENS_OUTPUT, -1L, MeterKey.TOKENS_INPUT, 1L),
                Map.of(FILES, -1L),
                Map.of(MeterKey.REQUESTS, over),
                Map.of(MeterKey.TOKENS_INPUT, Long.MAX_VALUE, MeterKey.TOKENS_OUTPUT, Long.MAX_VALUE),
                Map.of(FILES, over))) {
            assertThatIllegalArgumentException().describedAs("%s", amounts).isThrownBy(() -> Quantities.of(amounts));
        }
        assertThat(Quantities.of(Map.of(FILES, Quantities.AMOUNT_MAX)).of(FILES))
                .isEqualTo(Quantities.AMOUNT_MAX);
    }

    @Test
    void built_in_meters_and_cost_cannot_be_declared() {
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> Quantities.of(Map.of(MeterKey.COST, 1L)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Quantities(0, 0, 0, 0, Map.of(MeterKey.TOKENS, 1L)));
    }

    @Test
    void sum_adds_meter_by_meter() {
        // Given
        var exports = new MeterKey("export");
        var first = new Quantities(1, 2, 3, 6, Map.of(FILES, 5L));
        // When
        var sum = first.plus(new Quantities(1, 10, 20, 30, Map.of(FILES, 2L, exports, 4L)));
        // Then
        assertThat(sum).isEqualTo(new Quantities(2, 12, 23, 36, Map.of(FILES, 7L, exports, 4L)));
        assertThat(first.plus(Quantities.NONE)).isEqualTo(first);
    }

    @Test
    void sum_over_the_largest_amount_is_refused() {
        // Given
        var most = Quantities.of(Map.of(FILES, Quantities.AMOUNT_MAX));
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> most.plus(most));
    }

    @Test
    void map_names_what_was_used_in_a_stable_order_and_reads_back() {
        // Given
        var quantities = new Quantities(1, 20, 0, 25, Map.of(FILES, 7L));
        // When
        var map = quantities.toMap();
        // Then
        assertThat(map.toString()).isEqualTo("{kb_file=7, requests=1, tokens=25, tokens.input=20}");
        assertThat(Quantities.of(map)).isEqualTo(quantities);
    }

    /** A level of 0 is a report, not nothing. */
    @Test
    void declared_meter_keeps_its_zero() {
        // Given
        var quantities = Quantities.of(Map.of(FILES, 0L));
        // When
        var map = quantities.toMap();
        // Then
        assertThat(map).isEqualTo(Map.of(FILES, 0L));
    }

    @Test
    void later_change_of_the_given_map_changes_nothing() {
        // Given
        var given = new HashMap<>(Map.of(FILES, 7L));
        var quantities = new Quantities(0, 0, 0, 0, given);
        // When
        given.put(FILES, 8L);
        // Then
        assertThat(quantities.of(FILES)).isEqualTo(7);
    }

    @Test
    void cost_is_counted_in_picodollars_beside_the_quantities() {
        // Given
        var amounts = new Amounts(Quantities.ofTokens(1, 2, 3), new Money(9));
        // When
        var sum = amounts.plus(new Amounts(Quantities.ofTokens(1, 1, 1), new Money(2)));
        // Then
        assertThat(amounts.of(MeterKey.COST)).isEqualTo(9);
        assertThat(amounts.of(MeterKey.TOKENS)).isEqualTo(5);
        assertThat(sum).isEqualTo(new Amounts(Quantities.ofTokens(2, 3, 4), new Money(11)));
        assertThat(amounts.plus(Amounts.NONE)).isEqualTo(amounts);
    }

    @Test
    void only_a_meter_of_newest_values_is_a_level() {
        // When
        var levels = Arrays.stream(Aggregation.values())
                .filter(aggregation -> new Meter(FILES, aggregation, "file", Optional.empty()).level())
                .toList();
        // Then
        assertThat(levels).containsExactly(Aggregation.LATEST);
        assertThat(Aggregation.LATEST.key()).isEqualTo("latest");
    }
}
