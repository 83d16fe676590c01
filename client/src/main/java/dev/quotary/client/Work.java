package dev.quotary.client;

/**
 * A call that Quotary is put round.
 *
 * @param <T> what it answers
 * @param <E> how it fails; none of its own where it is inferred to be unchecked
 */
@FunctionalInterface
public interface Work<T, E extends Exception> {
    T run() throws E;
}
