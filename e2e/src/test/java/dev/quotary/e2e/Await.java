package dev.quotary.e2e;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what happens behind an answer, by asking again and again; each question takes its own time. */
final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Await() {}

    /** The first value that is as wanted. */
    static <T> T until(Supplier<T> question, Predicate<T> wanted) {
        return until(PATIENCE, question, wanted);
    }

    /** The same for what takes longer by itself. */
    static <T> T until(Duration patience, Supplier<T> question, Predicate<T> wanted) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            T value = question.get();
            if (wanted.test(value)) {
                return value;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not as wanted after " + patience.toSeconds() + " s: " + value);
            }
        }
    }
}
