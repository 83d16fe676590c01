package dev.quotary.memory;

import dev.quotary.call.ReservationId;
import java.util.Arrays;

/**
 * Where in the journal's file each open hold is, in the order in which they came.
 *
 * <p>Columns of numbers instead of a map of objects: with a hundred thousand holds that come and go by the second, following the links of
 * a map cost the collector of garbage more than deciding about the holds did. A hold has a row; the rows of one bucket and those before
 * and after it in the order are found by number; a free row is linked to the next free one. Not safe for many threads.
 */
final class HoldIndex {
    static final int NONE = -1;
    private static final int CAPACITY_FIRST = 256;

    private long[] highs = new long[CAPACITY_FIRST];
    private long[] lows = new long[CAPACITY_FIRST];
    private long[] positions = new long[CAPACITY_FIRST];
    private int[] lengths = new int[CAPACITY_FIRST];
    private long[] expirySeconds = new long[CAPACITY_FIRST];
    /** In the order of coming; of a free row, the next free one. */
    private int[] after = new int[CAPACITY_FIRST];

    private int[] before = new int[CAPACITY_FIRST];
    /** The next row of the same bucket. */
    private int[] chained = new int[CAPACITY_FIRST];

    private int[] buckets = empty(2 * CAPACITY_FIRST);
    private int free = NONE;
    private int rowsUsed;
    private int oldest = NONE;
    private int newest = NONE;
    private int size;
    private long bytes;

    private static int[] empty(int length) {
        int[] buckets = new int[length];
        Arrays.fill(buckets, NONE);
        return buckets;
    }

    int size() {
        return size;
    }

    /** Of all their records. */
    long bytes() {
        return bytes;
    }

    /** The row of the hold that came first; {@link #NONE} where there is none. */
    int oldest() {
        return oldest;
    }

    /** The row of the hold that came after; {@link #NONE} behind the last. */
    int after(int row) {
        return after[row];
    }

    ReservationId id(int row) {
        return new ReservationId(highs[row], lows[row]);
    }

    long position(int row) {
        return positions[row];
    }

    int length(int row) {
        return lengths[row];
    }

    long expirySecond(int row) {
        return expirySeconds[row];
    }

    /** Whether a row is the hold whose record is there. */
    boolean isAt(int row, long position) {
        return lengths[row] > 0 && positions[row] == position;
    }

    void move(int row, long position) {
        positions[row] = position;
    }

    boolean contains(ReservationId id) {
        return find(id.high(), id.low()) != NONE;
    }

    /** Adds a hold as the newest; one that is known keeps its place in the order. */
    void put(ReservationId id, long position, int length, long expirySecond) {
        int row = find(id.high(), id.low());
        if (row == NONE) {
            row = row();
            highs[row] = id.high();
            lows[row] = id.low();
            int bucket = bucket(id.high(), id.low());
            chained[row] = buckets[bucket];
            buckets[bucket] = row;
            link(row);
            size++;
        } else {
            bytes -= lengths[row];
        }
        positions[row] = position;
        lengths[row] = length;
        expirySeconds[row] = expirySecond;
        bytes += length;
    }

    private int row() {
        if (free != NONE) {
            int row = free;
            free = after[row];
            return row;
        }
        if (rowsUsed == highs.length) {
            grow(2 * rowsUsed);
        }
        return rowsUsed++;
    }

    private void grow(int capacity) {
        highs = Arrays.copyOf(highs, capacity);
        lows = Arrays.copyOf(lows, capacity);
        positions = Arrays.copyOf(positions, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        expirySeconds = Arrays.copyOf(expirySeconds, capacity);
        after = Arrays.copyOf(after, capacity);
        before = Arrays.copyOf(before, capacity);
        chained = Arrays.copyOf(chained, capacity);
        buckets = empty(2 * capacity);
        for (int row = oldest; row != NONE; row = after[row]) {
            int bucket = bucket(highs[row], lows[row]);
            chained[row] = buckets[bucket];
            buckets[bucket] = row;
        }
    }

    private int bucket(long high, long low) {
        return (int) (((high ^ low) * 0x9e3779b97f4a7c15L) >>> 32) & (buckets.length - 1);
    }

    private int find(long high, long low) {
        int row = buckets[bucket(high, low)];
        while (row != NONE && (highs[row] != high || lows[row] != low)) {
            row = chained[row];
        }
        return row;
    }

    private void link(int row) {
        before[row] = newest;
        after[row] = NONE;
        if (newest == NONE) {
            oldest = row;
        } else {
            after[newest] = row;
        }
        newest = row;
    }

    private void unlink(int row) {
        if (before[row] == NONE) {
            oldest = after[row];
        } else {
            after[before[row]] = after[row];
        }
        if (after[row] == NONE) {
            newest = before[row];
        } else {
            before[after[row]] = before[row];
        }
    }

    /** Makes the hold of a row the newest. */
    void toEnd(int row) {
        unlink(row);
        link(row);
    }

    /** Whether the hold was there. */
    boolean remove(ReservationId id) {
        int row = find(id.high(), id.low());
        if (row == NONE) {
            return false;
        }
        unchain(row);
        unlink(row);
        size--;
        bytes -= lengths[row];
        lengths[row] = 0;
        after[row] = free;
        free = row;
        return true;
    }

    private void unchain(int row) {
        int bucket = bucket(highs[row], lows[row]);
        int at = buckets[bucket];
        if (at == row) {
            buckets[bucket] = chained[row];
            return;
        }
        while (chained[at] != row) {
            at = chained[at];
        }
        chained[at] = chained[row];
    }
}
