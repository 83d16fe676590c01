package dev.quotary.analytics.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The modified z-score of Iglewicz and Hoaglin (<i>How to Detect and Handle Outliers</i>, 1993): distance from the median by the median
 * distance, which outliers of the past do not spoil; above 3.5 is an anomaly.
 *
 * <p>A day is compared with the days of the same weekday of the eight weeks before, where there are at least five, else with all of the days
 * before. It must also differ by more than half of what was expected: of a use that never varies, every change would be far.
 */
public final class Anomalies {
    /** So many days before a day are looked at. */
    public static final int DAYS_BEFORE = 56;

    private static final int WEEK = 7;
    private static final int SAME_WEEKDAY_MIN = 5;
    private static final int DAYS_MIN = 7;
    private static final double NORMAL = 0.6745;
    /** Where more than half of the days are equal, the mean distance takes the place of the median one. */
    private static final double NORMAL_OF_MEAN = 0.7979;

    private static final double SCORE_MIN = 3.5;
    private static final double SCORE_MAX = 1_000;
    private static final double CHANGE_MIN = 0.5;

    private Anomalies() {}

    /**
     * The anomalies among the last days of a series.
     *
     * @param series whole days without a gap, the oldest first
     * @param last how many days are asked about
     * @param unitsMin less than this is nothing to be told of, neither used nor expected
     */
    public static List<Anomaly> among(long[] series, int last, long unitsMin) {
        var found = new ArrayList<Anomaly>();
        for (int day = Math.max(0, series.length - last); day < series.length; day++) {
            at(series, day, unitsMin).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Anomaly> at(long[] series, int day, long unitsMin) {
        int first = Math.max(firstUsed(series), day - DAYS_BEFORE);
        var same = before(series, first, day, WEEK);
        boolean weekly = same.length >= SAME_WEEKDAY_MIN;
        var compared = weekly ? same : before(series, first, day, 1);
        if (!weekly && compared.length < DAYS_MIN) {
            return Optional.empty();
        }
        double median = median(compared);
        double distance = series[day] - median;
        double score = Math.clamp(distance / scale(compared, median), -SCORE_MAX, SCORE_MAX);
        boolean far = Math.abs(score) > SCORE_MIN && Math.abs(distance) > CHANGE_MIN * median;
        boolean much = series[day] >= unitsMin || median >= unitsMin;
        return far && much
                ? Optional.of(new Anomaly(
                        day, series[day], Math.round(median), Math.round(score * 10), compared.length, weekly))
                : Optional.empty();
    }

    /** Before its first use a series has no pattern. */
    private static int firstUsed(long[] series) {
        int first = 0;
        while (first < series.length && series[first] == 0) {
            first++;
        }
        return first;
    }

    private static double[] before(long[] series, int first, int day, int step) {
        int count = Math.max(0, (day - first) / step);
        var days = new double[count];
        for (int i = 0; i < count; i++) {
            days[i] = series[day - (i + 1) * step];
        }
        return days;
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** One standard deviation, if days were normal; never 0. */
    private static double scale(double[] days, double median) {
        var distances = new double[days.length];
        double sum = 0;
        for (int i = 0; i < days.length; i++) {
            distances[i] = Math.abs(days[i] - median);
            sum += distances[i];
        }
        double middle = median(distances);
        double scale = middle > 0 ? middle / NORMAL : sum / days.length / NORMAL_OF_MEAN;
        return scale > 0 ? scale : Math.max(1, median) / 100;
    }
}
