package dev.quotary.queue;

/** What an attempt may know of the order: valid only while the attempt runs. */
public interface Turn<R> {
    /** Whether somebody whose turn comes earlier waits for this resource, so that its room is not to be taken now. */
    boolean behind(R resource);

    /** How long the one who asks has waited so far. */
    long waitedMillis();
}
