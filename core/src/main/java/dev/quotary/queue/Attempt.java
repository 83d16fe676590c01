package dev.quotary.queue;

import java.time.Duration;
import java.util.Set;

/**
 * Asks for room once, and takes it where it is there. It is called again and again, one call after the other, until it is answered.
 *
 * @param <R> what there can be no room in
 * @param <A> the answer
 */
@FunctionalInterface
public interface Attempt<R, A> {
    /**
     * Takes room in everything that is needed, or in nothing.
     *
     * @param turn resources that it says others wait for are not to be taken
     */
    Asked<R, A> ask(Turn<R> turn);

    /** What came of asking. */
    sealed interface Asked<R, A> {}

    /** The last word: admitted, or refused for a reason that waiting does not change. */
    record Answered<R, A>(A answer) implements Asked<R, A> {}

    /**
     * Nothing was taken.
     *
     * @param refusal the answer should there be no room in time
     * @param lacking every resource that has no room now or is another's turn; at least one
     * @param waitMax how long to wait in all, from the beginning; only a shorter one than before changes anything
     */
    record NoRoom<R, A>(A refusal, Set<R> lacking, Duration waitMax) implements Asked<R, A> {
        public NoRoom {
            lacking = Set.copyOf(lacking);
            if (lacking.isEmpty()) {
                throw new IllegalArgumentException("expected at least one resource that has no room");
            }
        }
    }
}
