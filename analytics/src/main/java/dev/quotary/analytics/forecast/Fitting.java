package dev.quotary.analytics.forecast;

import dev.quotary.analytics.forecast.Smoothing.Weights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the smoothing that would have forecast a history best, among those that it is long enough for. */
final class Fitting {
    /** With fewer days than this, a mean says as much. */
    static final int DAYS_MIN = 3 * Smoothing.WEEK;

    private static final int TREND_DAYS_MIN = 8 * Smoothing.WEEK;
    private static final int WARM_UP = Smoothing.WEEK;
    private static final double[] ALPHA = {0.02, 0.05, 0.1, 0.2, 0.35, 0.6};
    private static final double[] BETA = {0.01, 0.03, 0.1};
    private static final double[] PHI = {0.9, 0.97};
    private static final double[] GAMMA = {0.05, 0.1, 0.25};
    private static final double[] NONE = {0};

    private Fitting() {}

    /** @param history at least {@link #DAYS_MIN} days */
    static Smoothing best(double[] history) {
        return candidates(history.length >= TREND_DAYS_MIN).stream()
                .map(weights -> new Smoothing(history, weights, WARM_UP))
                .min(Comparator.comparingDouble(Smoothing::criterion))
                .orElseThrow();
    }

    private static List<Weights> candidates(boolean trend) {
        var all = new ArrayList<Weights>();
        for (double gamma : concat(NONE, GAMMA)) {
            for (double phi : trend ? concat(NONE, PHI) : NONE) {
                for (double beta : phi == 0 ? NONE : BETA) {
                    for (double alpha : ALPHA) {
                        all.add(new Weights(alpha, beta, phi, gamma));
                    }
                }
            }
        }
        return all;
    }

    private static double[] concat(double[] one, double[] other) {
        var both = new double[one.length + other.length];
        System.arraycopy(one, 0, both, 0, one.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
