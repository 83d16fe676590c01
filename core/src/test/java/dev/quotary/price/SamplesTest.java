package dev.quotary.price;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded exchanges with four providers: every line of each must come out to the digit. */
class SamplesTest {
    private static final Instant DAY = Instant.parse("2026-11-22T00:00:00Z");
    private static final List<String> COLUMNS = List.of(
            "sample",
            "provider",
            "requested",
            "served",
            "tier",
            "input",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "output",
            "reasoning",
            "web_searches",
            "search_queries",
            "audio_seconds",
            "lines",
            "total");

    private static final List<Component> COUNTED = List.of(
            Component.INPUT,
            Component.CACHED_INPUT,
            Component.CACHE_WRITE_5M,
            Component.CACHE_WRITE_1H,
            Component.OUTPUT,
            Component.WEB_SEARCHES,
            Component.SEARCH_QUERIES,
            Component.AUDIO_SECONDS);

    private final PriceBook book =
            BuiltInPrices.load().with(List.of(PriceRow.free("own/ollama", new ModelPattern("ollama", "*"))));

    static Stream<CsvTable.Row> samples() {
        return CsvTable.ofResource("samples.csv", COLUMNS).rows().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sample_gives_its_lines_and_total(CsvTable.Row sample) {
        // Given
        var names = ModelNames.requested(sample.text("provider"), sample.text("requested"))
                .servedAs(sample.text("served").isEmpty() ? null : sample.text("served"));
        var tier = ServiceTier.valueOf(sample.text("tier").toUpperCase(Locale.ROOT));
        var row = book.find(names, DAY).orElseThrow();

        // When
        var receipt = PriceFixtures.receipt(row, usage(sample), tier);

        // Then
        assertThat(receipt.lines().stream().map(SamplesTest::shown).collect(Collectors.joining("; ")))
                .isEqualTo(sample.text("lines"));
        assertThat(receipt.total()).hasToString(sample.text("total"));
        assertThat(receipt.priceTier()).isEqualTo(tier);
        assertThat(row.cost(usage(sample), tier)).contains(receipt.total());
    }

    private static String shown(Receipt.Line line) {
        return line.component().key() + " " + line.quantity() + " x "
                + line.unitPrice().toPlainString() + " = " + line.amount().toPlainString();
    }

    private static TokenUsage usage(CsvTable.Row sample) {
        var usage = TokenUsage.builder().reasoning(count(sample, "reasoning"));
        for (var component : COUNTED) {
            usage.set(component, count(sample, component.key()));
        }
        return usage.build();
    }

    private static long count(CsvTable.Row sample, String column) {
        return Long.parseLong(sample.text(column));
    }
}
