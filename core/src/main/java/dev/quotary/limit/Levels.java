package dev.quotary.limit;

/** Committed use and outstanding holds of several counters at one moment, in the order they were asked for. */
public final class Levels {
    private final long[] used;
    private final long[] held;

    /** Takes both arrays over; the caller must not change them afterwards. */
    public Levels(long[] used, long[] held) {
        this.used = used;
        this.held = held;
    }

    public int size() {
        return used.length;
    }

    public long used(int index) {
        return used[index];
    }

    public long held(int index) {
        return held[index];
    }
}
