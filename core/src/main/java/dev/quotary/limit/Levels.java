package dev.quotary.limit;

import org.jspecify.annotations.Nullable;

/** Committed use and outstanding holds of several counters at one moment, in the order they were asked for. */
public final class Levels {
    private final long[] used;
    private final long[] held;
    private final @Nullable Past @Nullable [] past;

    /** Takes both arrays over; the caller must not change them afterwards. */
    public Levels(long[] used, long[] held) {
        this(used, held, null);
    }

    /**
     * As {@link #Levels(long[], long[])}.
     *
     * @param past what else is known, by counter; null for nothing of any, or of one
     */
    public Levels(long[] used, long[] held, @Nullable Past @Nullable [] past) {
        this.used = used;
        this.held = held;
        this.past = past;
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

    public Past past(int index) {
        var known = past == null ? null : past[index];
        return known == null ? Past.NONE : known;
    }
}
