package dev.quotary.e2e.crash;

/** One kind of load, by one thread, on one subject of its own. */
interface Worker {
    /** One piece of work; returns when every answer in it has come, or is known to be lost. */
    void step() throws InterruptedException;

    /** Ends what was begun. */
    default void finish() throws InterruptedException {}

    Tally tally();
}
