package dev.quotary.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceSheetTest {
    private static final Map<String, String> LINE = Map.of("provider", "p", "model", "m", "input", "1", "output", "2");

    private static List<PriceRow> rows(Map<String, String> changes) {
        var line = new HashMap<>(LINE);
        line.putAll(changes);
        var text = PriceSheet.COLUMNS.stream()
                .map(column -> line.getOrDefault(column, ""))
                .collect(Collectors.joining(","));
        var sheet = String.join(",", PriceSheet.COLUMNS) + "\n" + text + "\n";
        return PriceSheet.rows(CsvTable.parse("sheet", sheet, PriceSheet.COLUMNS));
    }

    @Test
    void smallest_line_is_a_row_without_dates_and_tiers() {
        // When
        var row = rows(Map.of()).getFirst();

        // Then
        assertThat(row.id()).isEqualTo("p/m");
        assertThat(row.period()).isEqualTo(PricePeriod.ALWAYS);
        assertThat(row.prices()).isEqualTo(PriceTable.of(PriceFixtures.prices("1", "2")));
        assertThat(row.provenance()).isEqualTo(Provenance.NONE);
    }

    @Test
    void ratio_that_is_no_finite_decimal_is_rounded_up() {
        // When
        var row = rows(Map.of(
                        "input", "3",
                        "cache_write_5m", "3.1",
                        "priority_input", "5",
                        "priority_output", "6"))
                .getFirst();

        // Then: 3.1 * 5 / 3
        assertThat(PriceFixtures.perMillion(row, Component.CACHE_WRITE_5M, ServiceTier.PRIORITY))
                .isEqualTo("5.166667");
    }

    @ParameterizedTest
    @CsvSource({
        "input, '', column input: expected a value",
        "input, x, column input:",
        "output, -1, column output:",
        "cached_input, 1e, column cached_input:",
        "batch_factor, half, column batch_factor:",
        "flex_factor, -1, column flex_factor:",
        "priority_input, 2, column priority_output: expected a value",
        "long_context_threshold, 1.5, column long_context_threshold:",
        "long_context_threshold, 100, column long_input: expected a value",
        "long_input, 2, column long_context_threshold: expected a value beside long_input",
        "priority_output, 2, column priority_input: expected a value beside priority_output",
        "effective_from, 2026-13-01, column effective_from:",
        "effective_until, tomorrow, column effective_until:",
        "model, '', expected a model",
        "model, a*b, expected an exact provider",
        "input, 99999999999, expected a price of 0..1000000000"
    })
    void error_names_line_and_column(String column, String value, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows(Map.of(column, value)))
                .withMessageStartingWith("sheet line 2: " + expected);
    }

    @Test
    void period_that_ends_before_it_begins_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows(Map.of("effective_from", "2026-02-01", "effective_until", "2026-01-01")))
                .withMessageStartingWith("sheet line 2: expected a price to begin before it ends");
    }
}
