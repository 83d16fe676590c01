package dev.quotary.client;

/**
 * What came of a call that was to be made if limits let it.
 *
 * @param <T> what the call answers
 */
public sealed interface Attempt<T> {
    /**
     * It was made.
     *
     * @param settled where its cost is
     */
    record Done<T>(T value, Decision decision, Settled settled) implements Attempt<T> {}

    /** It was not made: no limit has anything of it. */
    record Refused<T>(Decision decision) implements Attempt<T> {}
}
