package dev.quotary.analytics.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Exponential smoothing with additive days of the week and a damped trend, either of which may be left out.
 *
 * <p>Holt (1957), Winters (1960), Gardner and McKenzie (1985), in the form with one source of error of Hyndman, Koehler, Ord and Snyder
 * (2008). Each day the error of the forecast for it moves the level by {@code alpha}, the trend by {@code beta} and its weekday by
 * {@code gamma} of itself. The weights are those of a grid that would have forecast the history best. Where it goes on is drawn by letting
 * errors of the past happen again, as shares of the level then, on the same weekday where enough are known: no distribution is assumed.
 */
final class Smoothing implements Course {
    static final int WEEK = 7;
    private static final int SAME_WEEKDAY_MIN = 8;
    private static final int BEGINNING_WEEKS = 4;
    private static final double LEVEL_MIN = 1e-9;
    /** Errors are shares of the level, or of this much of the mean: of next to nothing they would be beyond all measure. */
    private static final double LEVEL_SHARE_MIN = 0.25;

    private final Weights weights;
    private final double[] history;
    private final int warmUp;
    private final State end;
    private final List<Double> shares = new ArrayList<>();
    private final List<List<Double>> sharesByWeekday = new ArrayList<>();
    private final double squares;
    private final double uncertainty;

    /** @param phi by how much the trend of a day goes on the next; 0 for none */
    record Weights(double alpha, double beta, double phi, double gamma) {
        boolean trend() {
            return phi > 0;
        }

        boolean weekly() {
            return gamma > 0;
        }

        /** How many numbers were fitted: weights and what they begin with. */
        int parameters() {
            return 2 + (trend() ? 3 : 0) + (weekly() ? WEEK : 0);
        }
    }

    /** What is known after a day. */
    private static final class State {
        private double level;
        private double trend;
        private final double[] weekdays;
        private final double scaleMin;
        private int day;

        State(double level, double[] weekdays, double scaleMin) {
            this.scaleMin = scaleMin;
            this.level = level;
            this.weekdays = weekdays;
        }

        State(State other) {
            this.level = other.level;
            this.scaleMin = other.scaleMin;
            this.trend = other.trend;
            this.weekdays = other.weekdays.clone();
            this.day = other.day;
        }

        double expected(Weights weights) {
            return Math.max(0, level + weights.phi() * trend + weekdays[day % WEEK]);
        }

        double scale() {
            return Math.max(level, scaleMin);
        }

        void take(double error, Weights weights) {
            double before = weights.phi() * trend;
            level = Math.max(0, level + before + weights.alpha() * error);
            trend = before + weights.beta() * error;
            weekdays[day % WEEK] += weights.gamma() * error;
            day++;
        }
    }

    /** @param warmUp how many days the errors of which do not count, as the beginning is guessed from them */
    Smoothing(double[] history, Weights weights, int warmUp) {
        this.history = history;
        this.weights = weights;
        this.warmUp = warmUp;
        for (int i = 0; i < WEEK; i++) {
            sharesByWeekday.add(new ArrayList<>());
        }
        this.end = beginning();
        this.squares = run();
        this.uncertainty = uncertainty();
    }

    private State beginning() {
        int weeks = Math.min(BEGINNING_WEEKS, history.length / WEEK);
        double level = mean(0, weeks * WEEK);
        var weekdays = new double[WEEK];
        if (weights.weekly()) {
            for (int i = 0; i < weeks * WEEK; i++) {
                weekdays[i % WEEK] += (history[i] - level) / weeks;
            }
        }
        return new State(level, weekdays, LEVEL_MIN + LEVEL_SHARE_MIN * mean(0, history.length));
    }

    private double mean(int from, int until) {
        double sum = 0;
        for (int i = from; i < until; i++) {
            sum += history[i];
        }
        return sum / (until - from);
    }

    private double run() {
        double sum = 0;
        for (int i = 0; i < history.length; i++) {
            double error = history[i] - end.expected(weights);
            if (i >= warmUp) {
                sum += error * error;
                double share = error / end.scale();
                shares.add(share);
                sharesByWeekday.get(i % WEEK).add(share);
            }
            end.take(error, weights);
        }
        return sum;
    }

    /** By how much the level may be wrong: it is a mean of so many days as the weight makes it, and of no more than there are. */
    private double uncertainty() {
        double n = shares.size();
        double weight = Math.max(weights.alpha() / (2 - weights.alpha()), 1 / n);
        return StrictMath.sqrt(squares / Math.max(1, n - weights.parameters()) * weight);
    }

    /** Akaike's criterion, corrected for few days: of two that forecast the same days, the lower is the better. */
    double criterion() {
        double n = shares.size();
        double k = weights.parameters();
        double error = Math.max(squares / n, Double.MIN_NORMAL);
        return n * StrictMath.log(error) + 2 * k + 2 * k * (k + 1) / Math.max(1, n - k - 1);
    }

    @Override
    public Forecast.Method method() {
        if (weights.weekly()) {
            return weights.trend() ? Forecast.Method.WEEKLY_TREND : Forecast.Method.WEEKLY;
        }
        return weights.trend() ? Forecast.Method.TREND : Forecast.Method.SMOOTHING;
    }

    @Override
    public void draw(SplittableRandom random, double[] days) {
        var state = new State(end);
        state.level = Math.max(0, state.level + uncertainty * Normal.draw(random));
        for (int i = 0; i < days.length; i++) {
            double expected = state.expected(weights);
            var same = sharesByWeekday.get(state.day % WEEK);
            var from = weights.weekly() && same.size() >= SAME_WEEKDAY_MIN ? same : shares;
            double drawn = expected + from.get(random.nextInt(from.size())) * state.scale();
            days[i] = Math.max(0, drawn);
            state.take(days[i] - expected, weights);
        }
    }
}
