package dev.quotary.limit;

/** Learns which counters may have got room. */
@FunctionalInterface
public interface RoomListener {
    /** Called under the limiter's locks, by whoever made room: returns at once, and calls nothing of the limiter. */
    void freed(CounterKey counter);
}
