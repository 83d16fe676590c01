package dev.quotary.analytics.forecast;

import java.util.SplittableRandom;

/** Ways in which whole days may go on, from today on. */
interface Course {
    Forecast.Method method();

    /**
     * One of the ways, as likely as any other.
     *
     * @param days to be filled with the use of today as a whole, and of the days after it
     */
    void draw(SplittableRandom random, double[] days);
}
