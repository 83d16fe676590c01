package dev.quotary.analytics.forecast;

import dev.quotary.analytics.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Forecasts what is known already: of many histories, the rest of a month of 30 days is forecast, and compared with what came.
 * The peer is what is done without statistics: the month's mean so far, as many days as there are left.
 */
final class Backtest {
    static final int SEEDS = 50;
    private static final int MONTH = 30;
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

    private Backtest() {}

    /**
     * What came of one kind of history.
     *
     * @param ofMonth days of the month that have passed
     * @param error distance of the likely end of the month from the real one, of all histories together, in percent of the real ones
     * @param naiveError the peer's
     * @param within percent of histories whose real end was between low and high at 80 %
     * @param width distance of high and low, in percent of the real ends
     */
    record Row(String history, int days, int ofMonth, double error, double naiveError, double within, double width) {
        String text() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.1f %% | %.1f %% | %.0f %% | %.0f %% |",
                    history,
                    days,
                    ofMonth,
                    error,
                    naiveError,
                    within,
                    width);
        }
    }

    static List<Row> all() {
        var rows = new ArrayList<Row>();
        for (var kind : Histories.values()) {
            for (int[] known : new int[][] {{3, 3}, {14, 14}, {45, 3}, {365, 3}, {365, 15}}) {
                rows.add(row(kind, known[0], known[1]));
            }
        }
        return rows;
    }

    static Row row(Histories kind, int known, int inMonth) {
        int coming = MONTH - inMonth;
        double error = 0;
        double naiveError = 0;
        double width = 0;
        double all = 0;
        int within = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var days = kind.days(known + coming, seed);
            double used = sum(days, known - inMonth, known);
            double real = used + sum(days, known, known + coming);
            all += real;
            var forecast = Forecaster.forecast(outset(days, known, coming, (long) used), 80);
            error += Math.abs(forecast.likely() - real);
            naiveError += Math.abs(used + used / inMonth * coming - real);
            width += forecast.high() - forecast.low();
            within += forecast.low() <= real && real <= forecast.high() ? 1 : 0;
        }
        return new Row(
                kind.label(),
                known,
                inMonth,
                100 * error / all,
                100 * naiveError / all,
                100.0 * within / SEEDS,
                100 * width / all);
    }

    private static double sum(long[] days, int from, int until) {
        double sum = 0;
        for (int i = from; i < until; i++) {
            sum += days[i];
        }
        return sum;
    }

    /** At midnight, when the last known day has ended. */
    private static Outset outset(long[] days, int known, int coming, long used) {
        var history = new ArrayList<Long>();
        for (int i = 0; i < known; i++) {
            history.add(days[i]);
        }
        var now = START.plus(Duration.ofDays(known));
        var later = new ArrayList<Range>();
        for (int i = 1; i < coming; i++) {
            later.add(day(now, i));
        }
        return new Outset(history, day(now, 0), now, 0, later, used, OptionalLong.empty());
    }

    private static Range day(Instant from, int number) {
        return new Range(from.plus(Duration.ofDays(number)), from.plus(Duration.ofDays(number + 1)));
    }
}
