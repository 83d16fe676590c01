package dev.quotary.analytics.forecast;

import java.util.SplittableRandom;

/** Numbers of the normal distribution, the same on every machine: the JDK's own take the machine's logarithm. */
final class Normal {
    private Normal() {}

    /** Box and Muller's method. */
    static double draw(SplittableRandom random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }
}
