package dev.quotary.price;

import static dev.quotary.price.PriceFixtures.at;
import static dev.quotary.price.PriceFixtures.ids;
import static dev.quotary.price.PriceFixtures.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PriceBookTest {
    private static final Instant NOW = at("2026-11-22T10:00:00Z");

    private static PriceRow always(String id, String provider, String model) {
        return row(id, provider, model, PricePeriod.ALWAYS);
    }

    private static Optional<String> found(PriceBook book, ModelNames names) {
        return book.find(names, NOW).map(PriceRow::id);
    }

    private static Optional<String> found(PriceBook book, String model) {
        return found(book, ModelNames.requested("p", model));
    }

    @Test
    void served_model_goes_before_the_requested_one() {
        // Given
        var book = PriceBook.of(List.of(always("cheap", "p", "auto"), always("dear", "p", "big")));

        // Then
        assertThat(found(book, ModelNames.requested("p", "auto").servedAs("big-2026-01-31")))
                .contains("dear");
        assertThat(found(book, ModelNames.requested("p", "auto").servedAs("unheard-of")))
                .contains("cheap");
        assertThat(found(book, ModelNames.requested("p", "auto").servedAs("auto")))
                .contains("cheap");
        assertThat(found(book, ModelNames.requested("p", "auto").servedAs(null)))
                .contains("cheap");
    }

    @Test
    void exact_name_goes_before_snapshot_and_the_longest_pattern_before_shorter_ones() {
        // Given
        var book = PriceBook.of(List.of(
                always("any", "p", "*"),
                always("gpt", "p", "gpt-*"),
                always("gpt-4", "p", "gpt-4*"),
                always("exact", "p", "gpt-4"),
                always("snapshot", "p", "gpt-4-0613")));

        // Then
        assertThat(found(book, "gpt-4")).contains("exact");
        assertThat(found(book, "gpt-4-0613")).contains("snapshot");
        assertThat(found(book, "gpt-4-0314")).contains("exact");
        assertThat(found(book, "gpt-4o")).contains("gpt-4");
        assertThat(found(book, "gpt-5")).contains("gpt");
        assertThat(found(book, "gpt-")).contains("gpt");
        assertThat(found(book, "other")).contains("any");
        assertThat(found(book, "")).contains("any");
        assertThat(found(book, ModelNames.requested("q", "gpt-4"))).isEmpty();
    }

    @Test
    void pattern_holds_for_the_model_that_an_alias_means() {
        // Given
        var aliases = CsvTable.parse("t", "provider,alias,model,source\np,nick,gpt-4-turbo,\n", ModelFamilies.COLUMNS);
        var book = PriceBook.of(List.of(always("turbo", "p", "gpt-4-*")), ModelFamilies.of(aliases), Supplements.NONE);

        // Then
        assertThat(found(book, "nick")).contains("turbo");
        assertThat(found(book, "nick-2026-01-31")).contains("turbo");
    }

    @Test
    void own_rows_win_even_by_a_pattern() {
        // Given
        var builtIn = PriceBook.of(List.of(always("list", "p", "m"), always("list-n", "p", "n")));
        var own = builtIn.with(List.of(always("own", "p", "m*")));

        // Then
        assertThat(found(own, "m")).contains("own");
        assertThat(found(own, "n")).contains("list-n");
        assertThat(found(builtIn, "m")).contains("list");
        assertThat(ids(own)).containsExactly("own", "list", "list-n");
        assertThat(own.row("list")).isPresent();
        assertThat(own.row("none")).isEmpty();
    }

    @Test
    void own_row_that_has_ended_gives_way_to_the_built_in_one() {
        // Given
        var until = new PricePeriod(Optional.empty(), Optional.of(NOW));
        var book = PriceBook.of(List.of(always("list", "p", "m"))).with(List.of(row("own", "p", "m", until)));

        // Then
        assertThat(book.find(ModelNames.requested("p", "m"), NOW.minusNanos(1)))
                .map(PriceRow::id)
                .contains("own");
        assertThat(found(book, "m")).contains("list");
    }

    @Test
    void fallback_rows_price_only_what_nothing_else_does() {
        // Given
        var book = PriceBook.of(List.of(always("list", "p", "m"))).withFallback(List.of(always("dear", "p", "*")));

        // Then
        assertThat(found(book, "m")).contains("list");
        assertThat(found(book, "m-2026-11-01")).contains("list");
        assertThat(found(book, "new")).contains("dear");
    }

    @Test
    void newest_row_in_effect_applies() {
        // Given
        var book = PriceBook.of(List.of(
                always("first", "p", "m"),
                row("third", "p", "m", PricePeriod.from(NOW)),
                row("second", "p", "m", PricePeriod.from(NOW.minusSeconds(60)))));
        var names = ModelNames.requested("p", "m");

        // Then
        assertThat(book.find(names, NOW)).map(PriceRow::id).contains("third");
        assertThat(book.find(names, NOW.minusNanos(1))).map(PriceRow::id).contains("second");
        assertThat(book.find(names, NOW.minusSeconds(61))).map(PriceRow::id).contains("first");
    }

    @Test
    void rows_that_cannot_be_told_apart_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceBook.of(List.of(always("a", "p", "m"), always("a", "p", "n"))))
                .withMessageContaining("a twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceBook.of(List.of(always("a", "p", "m"))).with(List.of(always("a", "p", "m"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceBook.of(List.of(always("a", "p", "m"), always("b", "p", "m"))))
                .withMessageContaining("a and b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceBook.of(List.of(
                        row("a", "p", "m*", PricePeriod.from(NOW)), row("b", "p", "m*", PricePeriod.from(NOW)))));
    }

    @Test
    void memory_of_names_is_bounded_and_changes_no_answer() {
        // Given
        var book = PriceBook.of(List.of(always("family", "p", "m"), always("any", "p", "*")));

        // When
        for (int i = 0; i < 3 * PriceBook.MEMORY_MAX; i++) {
            found(book, "invented-" + i);
            assertThat(found(book, "m-2026-11-01")).contains("family");
            assertThat(book.rememberedNames()).isLessThanOrEqualTo(PriceBook.MEMORY_MAX);
        }

        // Then
        assertThat(book.rememberedNames()).isPositive();
    }

    @Test
    void memory_stays_bounded_under_many_threads() throws Exception {
        // Given
        var book = PriceBook.of(List.of(always("any", "p", "*")));

        // When
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int t = 0; t < 4; t++) {
                int thread = t;
                var _ = threads.submit(() -> {
                    for (int i = 0; i < 2 * PriceBook.MEMORY_MAX; i++) {
                        found(book, "invented-" + thread + "-" + i);
                    }
                });
            }
        }

        // Then
        assertThat(book.rememberedNames()).isBetween(1, PriceBook.MEMORY_MAX);
    }

    @Test
    void very_long_names_are_answered_but_not_remembered() {
        // Given
        var book = PriceBook.of(List.of(always("any", "p", "*")));
        var name = "x".repeat(100_000) + "-2026-11-01";

        // Then
        assertThat(found(book, name)).contains("any");
        assertThat(book.rememberedNames()).isZero();
    }

    @Test
    void name_of_a_call_is_never_taken_for_a_pattern() {
        // Given
        var book = PriceBook.of(List.of(always("star", "p", "gpt-*")));

        // Then
        assertThat(found(book, "*")).isEmpty();
        assertThat(found(book, "gpt-*")).contains("star");
        assertThat(found(book, "\u0000\n")).isEmpty();
    }

    @Test
    void empty_book_prices_nothing() {
        assertThat(found(PriceBook.of(List.of()), "m")).isEmpty();
    }
}
