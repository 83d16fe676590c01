package dev.quotary.testkit;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Runs a property for many seeds; a failure names the seed that repeats it. */
public final class Seeds {
    private static final String ONE_SEED = "quotary.seed";

    private Seeds() {}

    /**
     * Runs the property with the seeds 1 to {@code count}, or with the one seed of {@code -Dquotary.seed=N} alone.
     *
     * @throws AssertionError naming the first seed whose run fails, with that failure as the cause
     */
    public static void forEach(int count, Consumer<RandomGenerator> property) {
        Long only = Long.getLong(ONE_SEED);
        long first = only == null ? 1 : only;
        long runs = only == null ? count : 1;
        for (long seed = first; seed < first + runs; seed++) {
            run(seed, property);
        }
    }

    private static void run(long seed, Consumer<RandomGenerator> property) {
        try {
            // A named algorithm: the default one may change with the JDK, and a seed would no longer repeat its run.
            property.accept(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("repeat with -D" + ONE_SEED + "=" + seed, e);
        }
    }
}
