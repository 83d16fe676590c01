package dev.quotary.limit;

/** The limiter's answer to a request to hold. A denial is an answer, never an exception. */
public sealed interface Admission {

    /**
     * Every counter had room; the amounts are held until commit, release or expiry.
     *
     * @param levels after the hold, in the order of its charges
     * @param repeated true if the same reservation was held before and nothing more is held now
     */
    record Granted(Hold hold, Levels levels, boolean repeated) implements Admission {}

    /**
     * At least one counter had no room; nothing is held on any of them. A denial is not remembered: the same id may ask again.
     *
     * @param levels as they are without the hold, in the order of the charges asked for
     */
    record Denied(Levels levels) implements Admission {}

    /** The id is held already, by a request of other content. */
    record Mismatch(Hold existing) implements Admission {}

    /** The id was settled or released a short while ago, or (for an extension) is not held at all. */
    record Closed() implements Admission {}
}
