package dev.quotary.analytics.forecast;

import java.util.SplittableRandom;

/**
 * The mean of few days; of whole weeks where there are any, so that no day of the week counts more than another.
 *
 * <p>How far days differ is not known well from few of them, so that it is taken to be larger by the ratio of Student's quantile to the normal
 * one; of a single day it is taken to be the day itself. Days are drawn lognormal: use is never negative, and sometimes much.
 */
final class FewDays implements Course {
    /** Student's 90 % quantile by n - 1 degrees of freedom over the normal one (1.2816), for n of 2 to 6. */
    private static final double[] STUDENT = {2.40, 1.47, 1.28, 1.20, 1.15};

    private static final double STUDENT_OF_WEEKS = 1.08;
    private static final int WEEK = 7;

    private final double mean;
    private final double spread;
    private final double spreadOfMean;

    /** @param days the oldest first; none, or the one that is running extrapolated, where no whole day is known */
    FewDays(double[] days) {
        int n = days.length >= WEEK ? days.length / WEEK * WEEK : days.length;
        int from = days.length - n;
        double sum = 0;
        for (int i = from; i < days.length; i++) {
            sum += days[i];
        }
        mean = n == 0 ? 0 : sum / n;
        double squares = 0;
        for (int i = from; i < days.length; i++) {
            squares += (days[i] - mean) * (days[i] - mean);
        }
        double variation = n < 2 || mean == 0 ? 1 : StrictMath.sqrt(squares / (n - 1)) / mean;
        spread = variation * allowance(n);
        spreadOfMean = spread / StrictMath.sqrt(Math.max(1, n));
    }

    private static double allowance(int days) {
        if (days >= WEEK) {
            return STUDENT_OF_WEEKS;
        }
        return days < 2 ? 1 : STUDENT[days - 2];
    }

    @Override
    public Forecast.Method method() {
        return Forecast.Method.MEAN;
    }

    @Override
    public void draw(SplittableRandom random, double[] days) {
        double level = lognormal(random, mean, spreadOfMean);
        for (int i = 0; i < days.length; i++) {
            days[i] = lognormal(random, level, spread);
        }
    }

    /** @param variation standard deviation by mean */
    private static double lognormal(SplittableRandom random, double mean, double variation) {
        if (mean == 0) {
            return 0;
        }
        double variance = StrictMath.log(1 + variation * variation);
        return mean * StrictMath.exp(StrictMath.sqrt(variance) * Normal.draw(random) - variance / 2);
    }
}
