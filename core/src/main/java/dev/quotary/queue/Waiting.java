package dev.quotary.queue;

import java.util.concurrent.CompletionStage;

/** One who waits, as seen by whoever sent it. */
public interface Waiting<A> {
    /** Completes exactly once, on any thread: exceptionally only where an attempt threw. */
    CompletionStage<Waited<A>> ended();

    /**
     * Gives the wait up. If the answer came first, it stands: look at how it {@linkplain #ended ended}. Harmless to repeat.
     */
    void leave();
}
