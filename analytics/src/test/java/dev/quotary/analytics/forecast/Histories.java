package dev.quotary.analytics.forecast;

import java.util.SplittableRandom;

/** Made-up daily use of kinds that are met in the field, the same for the same seed on every machine. */
enum Histories {
    /** About the same each day, as of a service. */
    STEADY("steady"),
    /** Much on working days, little at weekends. */
    WEEKLY("weekly pattern"),
    /** As before, and half a percent more each day. */
    GROWING("weekly pattern, growing"),
    /** Mostly nothing, now and then much, as of one person. */
    SPARSE("sparse"),
    /** Every tenth day or so three times as much. */
    BURSTS("bursts"),
    /** Twice as much from some day on. */
    STEP("doubled at some day");

    private final String label;

    Histories(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    long[] days(int count, long seed) {
        var random = new SplittableRandom(seed * 31 + name().hashCode());
        double level = 1_000 * StrictMath.exp(Normal.draw(random));
        int weekday = random.nextInt(7);
        int step = count - 30 - random.nextInt(20);
        var days = new long[count];
        for (int i = 0; i < count; i++) {
            boolean weekend = (i + weekday) % 7 >= 5;
            double expected = switch (this) {
                case STEADY -> level;
                case WEEKLY -> level * (weekend ? 0.3 : 1.28);
                case GROWING -> level * (weekend ? 0.3 : 1.28) * StrictMath.exp(0.005 * (i - count));
                case SPARSE -> random.nextDouble() < 0.3 ? 3 * level : 0;
                case BURSTS -> random.nextDouble() < 0.1 ? 3 * level : level;
                case STEP -> i >= step ? 2 * level : level;
            };
            days[i] = Math.round(expected * StrictMath.exp(0.25 * Normal.draw(random)));
        }
        return days;
    }
}
