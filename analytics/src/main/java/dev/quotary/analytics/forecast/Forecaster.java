package dev.quotary.analytics.forecast;

import dev.quotary.analytics.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Makes forecasts: draws a thousand ways in which things may go on, and tells what most of them come to.
 *
 * <p>The rest of today is the share of the day that is left, as if a day were used evenly; every whole day is drawn from the {@link Course}
 * that the history gives. Stateless.
 */
public final class Forecaster {
    private static final int WAYS = 1_000;
    /** The same for everybody: a forecast that is asked for again is the same. */
    private static final long SEED = 20_261_122;

    /** What percentages of confidence can be asked for. */
    public static final List<Integer> CONFIDENCES = List.of(50, 80, 90, 95);

    private Forecaster() {}

    /** @param confidence one of {@link #CONFIDENCES} */
    public static Forecast forecast(Outset outset, int confidence) {
        if (!CONFIDENCES.contains(confidence)) {
            throw new IllegalArgumentException("expected a confidence of " + CONFIDENCES + ", was " + confidence);
        }
        var course = course(outset);
        var ways = new Ways(outset, course);
        double tail = (100 - confidence) / 200.0;
        return new Forecast(
                course.method(),
                outset.days().size(),
                confidence,
                Forecast.units(outset.used(), ways.more(tail)),
                Forecast.units(outset.used(), ways.more(0.5)),
                Forecast.units(outset.used(), ways.more(1 - tail)),
                outset.maximum().isPresent()
                        ? Optional.of(ways.atLimit(outset.maximum().getAsLong(), tail))
                        : Optional.empty());
    }

    static Course course(Outset outset) {
        var days = outset.days().stream().mapToDouble(Long::doubleValue).toArray();
        if (days.length >= Fitting.DAYS_MIN) {
            return Fitting.best(days);
        }
        return new FewDays(days.length == 0 ? soFar(outset) : days);
    }

    /** Today as a whole day, if it goes on as it began; not to be said of a day that has hardly begun. */
    private static double[] soFar(Outset outset) {
        double elapsed = Math.max(outset.elapsed(), 1.0 / 24);
        return new double[] {outset.usedToday() / elapsed};
    }

    /** The ways things may go, each with what it adds and when it hits the limit. */
    private static final class Ways {
        private final Outset outset;
        private final double[] totals = new double[WAYS];
        /** Hours from now, in the order of the ways; infinite where the limit is not hit. */
        private final double[] hits = new double[WAYS];

        Ways(Outset outset, Course course) {
            this.outset = outset;
            var random = new SplittableRandom(SEED);
            var days = new double[1 + outset.coming().size()];
            for (int way = 0; way < WAYS; way++) {
                course.draw(random, days);
                go(way, days);
            }
            Arrays.sort(totals);
            Arrays.sort(hits);
        }

        private void go(int way, double[] days) {
            double room = outset.maximum().isPresent()
                    ? outset.maximum().getAsLong() - (double) outset.used()
                    : Double.POSITIVE_INFINITY;
            double hours = room <= 0 ? 0 : Double.POSITIVE_INFINITY;
            double total = 0;
            double passed = 0;
            for (int i = 0; i < days.length; i++) {
                var stretch = i == 0
                        ? new Range(outset.now(), outset.today().until())
                        : outset.coming().get(i - 1);
                double length = hours(stretch);
                double more = days[i] * (i == 0 ? 1 - outset.elapsed() : Math.min(1, length / 24));
                if (Double.isInfinite(hours) && total + more >= room) {
                    hours = passed + (more == 0 ? 0 : (room - total) / more * length);
                }
                total += more;
                passed += length;
            }
            totals[way] = total;
            hits[way] = hours;
        }

        private static double hours(Range range) {
            return Duration.between(range.from(), range.until()).toMillis() / 3_600_000.0;
        }

        double more(double share) {
            return totals[index(share)];
        }

        private static int index(double share) {
            return (int) Math.min(WAYS - 1, Math.max(0, Math.round(share * (WAYS - 1))));
        }

        Forecast.AtLimit atLimit(long maximum, double tail) {
            long hit = Arrays.stream(hits).filter(Double::isFinite).count();
            return new Forecast.AtLimit(
                    maximum,
                    (int) (hit * 100 / WAYS),
                    at(hits[index(tail)]),
                    at(hits[index(0.5)]),
                    at(hits[index(1 - tail)]));
        }

        /** To the hour: nothing here is known better. */
        private Optional<Instant> at(double hours) {
            if (Double.isInfinite(hours)) {
                return Optional.empty();
            }
            var exact = outset.now().plusMillis((long) (hours * 3_600_000));
            long whole = exact.getEpochSecond() / 3600 * 3600;
            var hour = Instant.ofEpochSecond(whole);
            return Optional.of(hour.isBefore(outset.now()) ? outset.now() : hour);
        }
    }
}
