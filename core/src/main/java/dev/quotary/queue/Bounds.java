package dev.quotary.queue;

/**
 * How many may wait at once.
 *
 * @param perLine in one line
 * @param inAll in all lines together
 * @param bytes what all together may keep in memory; see {@link Place}
 */
public record Bounds(int perLine, int inAll, long bytes) {
    public static final Bounds DEFAULT = new Bounds(1_000, 10_000, 64L << 20);
    /** Nobody may wait. */
    public static final Bounds NONE = new Bounds(0, 0, 0);

    public Bounds {
        if (perLine < 0 || inAll < 0 || bytes < 0) {
            throw new IllegalArgumentException(
                    "expected bounds of 0 or more, was " + perLine + ", " + inAll + ", " + bytes);
        }
    }
}
