package dev.quotary.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGeneratorFactory;

/** Runs seed after seed. Of a run that fails it leaves steps out for as long as it still fails, and shows the rest. */
final class Simulation {
    private static final String ONE_SEED = "quotary.seed";
    private static final int STEPS_MAX = 160;

    private Simulation() {}

    /** A run that broke an invariant, made as short as it could be. */
    record Failure(long seed, int steps, Throwable cause, List<String> trace) {
        String text() {
            return "seed " + seed + " fails: repeat with -Dquotary.seed=" + seed + " (./dev sim " + seed + ")\n"
                    + "What is left of it after leaving out all steps that do not matter (" + steps + " are left):\n  "
                    + String.join("\n  ", trace) + "\n" + cause.getMessage();
        }
    }

    /** @throws AssertionError showing the first run that fails */
    static void run(int seeds, Supplier<GroupLedger.Storage> storage, Breakage breakage) {
        Long only = Long.getLong(ONE_SEED);
        var failure = only == null ? find(1, seeds, storage, breakage) : find(only, 1, storage, breakage);
        failure.map(found -> shortest(found, storage, breakage)).ifPresent(found -> {
            throw new AssertionError(found.text(), found.cause());
        });
    }

    /** The first seed that fails; empty if all hold. */
    static Optional<Failure> find(long first, int seeds, Supplier<GroupLedger.Storage> storage, Breakage breakage) {
        for (long seed = first; seed < first + seeds; seed++) {
            long[] steps = steps(seed);
            var failure = failure(seed, steps, storage, breakage);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    /** What happens in the run of a seed. */
    static List<String> trace(long seed) {
        var run = new Run(new MemoryLedger.Storage(), Breakage.NONE);
        run.play(seed, steps(seed));
        return run.trace();
    }

    private static long[] steps(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        return random.longs(20 + random.nextInt(STEPS_MAX)).toArray();
    }

    private static Optional<Failure> failure(
            long seed, long[] steps, Supplier<GroupLedger.Storage> storage, Breakage breakage) {
        try (var opened = storage.get()) {
            var run = new Run(opened, breakage);
            try {
                run.play(seed, steps);
                return Optional.empty();
            } catch (AssertionError | RuntimeException e) {
                return Optional.of(new Failure(seed, steps.length, e, run.trace()));
            }
        }
    }

    /** Leaves out halves, quarters and so on, down to single steps. */
    static Failure shortest(Failure failure, Supplier<GroupLedger.Storage> storage, Breakage breakage) {
        long seed = failure.seed();
        long[] steps = steps(seed);
        long[] left = steps;
        var shortest = failure;
        for (int size = left.length / 2; size > 0; size = size == 1 && left.length < steps.length ? 0 : size / 2) {
            for (int at = 0; at + size <= left.length; ) {
                long[] without = without(left, at, size);
                var still = failure(seed, without, storage, breakage).filter(sameAs(shortest));
                if (still.isPresent()) {
                    shortest = still.get();
                    left = without;
                } else {
                    at += size;
                }
            }
        }
        return shortest;
    }

    /** Whether it is the same check that fails. */
    private static Predicate<Failure> sameAs(Failure failure) {
        return other -> where(other).equals(where(failure));
    }

    private static Optional<StackTraceElement> where(Failure failure) {
        return Arrays.stream(failure.cause().getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.quotary."))
                .findFirst();
    }

    private static long[] without(long[] steps, int at, int size) {
        long[] left = Arrays.copyOf(steps, steps.length - size);
        System.arraycopy(steps, at + size, left, at, steps.length - at - size);
        return left;
    }
}
