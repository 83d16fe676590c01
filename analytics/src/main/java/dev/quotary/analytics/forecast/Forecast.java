package dev.quotary.analytics.forecast;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;

/**
 * What a period will come to.
 *
 * @param method how what is to come was estimated
 * @param days whole days of history that it rests on
 * @param confidence percent of the ways things may go that end between {@code low} and {@code high}
 * @param low what the period comes to if less is used than is likely
 * @param likely the median
 * @param high what it comes to if more is used
 * @param limit what becomes of the limit; empty where nothing is limited
 */
public record Forecast(
        Method method, int days, int confidence, long low, long likely, long high, Optional<AtLimit> limit) {
    /**
     * What becomes of a limit.
     *
     * @param percent of the ways things may go in which it is hit before the period ends
     * @param earliest when it is hit if more is used than is likely; empty if not even then
     * @param hit when it is likely hit; empty where it likely is not
     * @param latest when it is hit if less is used; empty if it is not then
     */
    public record AtLimit(
            long maximum, int percent, Optional<Instant> earliest, Optional<Instant> hit, Optional<Instant> latest) {
        /** What of a total is beyond the maximum. */
        public long overage(long total) {
            return Math.max(0, total - maximum);
        }
    }

    /** How what is to come is estimated: the more is known, the more of its pattern is. */
    public enum Method {
        /** Up to six days: their mean, and Student's allowance for how few they are. */
        MEAN("mean"),
        /** Simple exponential smoothing: a level that follows. */
        SMOOTHING("simple_exponential_smoothing"),
        /** A level with a damped trend (Gardner and McKenzie). */
        TREND("damped_trend"),
        /** A level and the days of the week (Holt and Winters, without trend). */
        WEEKLY("weekly_exponential_smoothing"),
        /** Level, damped trend and the days of the week (Holt and Winters). */
        WEEKLY_TREND("damped_holt_winters");

        private final String key;

        Method(String key) {
            this.key = key;
        }

        public String key() {
            return key;
        }
    }

    /** The one place where an estimate becomes units: to the next whole one, halves up, never beyond a {@code long}. */
    static long units(long used, double more) {
        if (!(more > 0)) {
            return used;
        }
        var total = BigDecimal.valueOf(more).setScale(0, RoundingMode.HALF_UP).add(BigDecimal.valueOf(used));
        return total.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : total.longValueExact();
    }
}
