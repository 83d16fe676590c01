package dev.quotary.analytics.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How good forecasts are, on histories whose end is known. */
class BacktestTest {
    private static final Path PAGE = Path.of("../docs/forecast.md");
    private static final String BEGIN = "<!-- back-test: written by BacktestTest -->\n";
    private static final String END = "<!-- end -->";
    private static final String HEAD = """
            | history | days known | of the month | error of `likely` | error of the daily mean | ended within 80 % | width of that |
            |---|---|---|---|---|---|---|
            """;
    private static final List<Backtest.Row> ROWS = Backtest.all();

    private static double mean(ToDoubleFunction<Backtest.Row> value, Predicate<Backtest.Row> which) {
        return ROWS.stream().filter(which).mapToDouble(value).average().orElseThrow();
    }

    @Test
    void error_is_smaller_than_that_of_the_daily_mean_and_far_smaller_early_in_the_month() {
        assertThat(mean(Backtest.Row::error, _ -> true)).isLessThan(0.8 * mean(Backtest.Row::naiveError, _ -> true));
        assertThat(mean(Backtest.Row::error, BacktestTest::early))
                .isLessThan(0.65 * mean(Backtest.Row::naiveError, BacktestTest::early));
    }

    /** Three days into the month, with a history before it. */
    private static boolean early(Backtest.Row row) {
        return row.ofMonth() == 3 && row.days() > 3;
    }

    @Test
    void about_as_many_months_end_within_the_interval_as_it_says() {
        assertThat(mean(Backtest.Row::within, _ -> true)).isBetween(75.0, 85.0);
        assertThat(ROWS)
                .allSatisfy(row -> assertThat(row.within()).as(row.text()).isGreaterThanOrEqualTo(50));
    }

    @Test
    void docs_tell_these_very_numbers() throws IOException {
        // Given
        var table = ROWS.stream().map(row -> row.text() + "\n").collect(Collectors.joining());
        var page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        var written = page.substring(0, begin) + HEAD + table + page.substring(page.indexOf(END, begin));
        // When
        if (Boolean.getBoolean("quotary.write")) {
            Files.writeString(PAGE, written);
        }
        // Then
        assertThat(Files.readString(PAGE))
                .as("docs/forecast.md; write it with -Dquotary.write=true")
                .isEqualTo(written);
    }
}
