package dev.quotary.queue;

/**
 * How a wait ended.
 *
 * @param answer of the attempt, or the refusal that stands where there was none
 * @param millis how long it took; 0 where nobody waited
 */
public record Waited<A>(A answer, long millis, Ending ending) {

    /** Why a wait is over. */
    public enum Ending {
        /** The attempt got its answer. */
        ANSWERED,
        /** There was no room in time. */
        TIMED_OUT,
        /** Too many waited already: it did not begin. */
        FULL,
        /** Whoever waited has left. */
        LEFT,
        /** The room was closed: nobody waits any more. */
        CLOSED
    }
}
