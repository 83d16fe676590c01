package dev.quotary.memory;

import dev.quotary.journal.JournalFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Copies the records of open holds from one file to another, while the first is still written to.
 *
 * <p>What is open at the beginning is copied record by record, as bytes. What was written to the old file since is copied as it is,
 * again and again until little is left; the last of it is copied while nobody may write. So the new file is the old one without what
 * was closed before the beginning, and nobody waits but for that last piece.
 */
final class HoldCompaction {
    private static final int WINDOW_BYTES = 256 * 1024;
    /** So little that it may be copied while callers wait. */
    private static final int REST_BYTES = 64 * 1024;

    private static final int ROUNDS_MAX = 20;
    /** Beside a position in a file of up to 128 GiB, the number of a hold of up to 67 million. */
    private static final int INDEX_BITS = 26;

    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    /** Of the holds to copy. */
    private final int[] rows;

    private final long[] positions;
    private final int[] lengths;
    /** Where each of them is in the new file. */
    private final long[] moved;

    private final int[] outdated;
    private final long[] outdatedPositions;
    private final long begin;
    /** Where in the new file begins what was at {@link #begin} in the old one. */
    private long base;

    private long copiedTo;
    private long size;

    private byte[] out = new byte[WINDOW_BYTES];
    private int outSize;
    private byte[] window = {};
    private long windowAt;

    /**
     * @param open of which the present holds are taken down
     * @param end of the old file at this moment
     * @param lateUntil holds that expired before this second are left out
     */
    HoldCompaction(HoldIndex open, long end, long lateUntil) {
        int[] kept = new int[open.size()];
        int[] left = new int[open.size()];
        int keptSize = 0;
        int leftSize = 0;
        for (int row = open.oldest(); row != HoldIndex.NONE; row = open.after(row)) {
            if (open.expirySecond(row) < lateUntil) {
                left[leftSize++] = row;
            } else {
                kept[keptSize++] = row;
            }
        }
        this.rows = Arrays.copyOf(kept, keptSize);
        this.positions = Arrays.stream(rows).mapToLong(open::position).toArray();
        this.lengths = Arrays.stream(rows).map(open::length).toArray();
        this.moved = new long[keptSize];
        this.outdated = Arrays.copyOf(left, leftSize);
        this.outdatedPositions =
                Arrays.stream(outdated).mapToLong(open::position).toArray();
        this.begin = end;
        this.copiedTo = end;
    }

    /**
     * Copies what was open at the beginning.
     *
     * @param old opened anew, to be read only
     */
    void copy(JournalFile old, JournalFile fresh) throws IOException {
        fresh.cut(0);
        for (int i : byPosition()) {
            moved[i] = size + outSize;
            copy(old, positions[i], lengths[i], fresh);
        }
        flush(fresh);
        base = size;
    }

    /** The holds as they lie in the file: in the order of the index, each would have to be read by itself. */
    private int[] byPosition() {
        long[] keys = new long[rows.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = positions[i] << INDEX_BITS | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) (key & INDEX_MASK)).toArray();
    }

    /**
     * Copies what was written since, until little is left.
     *
     * @param goodBytes how long the old file is by now
     */
    void catchUp(JournalFile old, JournalFile fresh, LongSupplier goodBytes) throws IOException {
        long end = goodBytes.getAsLong();
        for (int round = 0; round < ROUNDS_MAX && end - copiedTo > REST_BYTES; round++) {
            copyRest(old, fresh, end);
            end = goodBytes.getAsLong();
        }
    }

    /** Copies what was written up to {@code end} since. */
    void copyRest(JournalFile old, JournalFile fresh, long end) throws IOException {
        while (copiedTo < end) {
            int length = (int) Math.min(WINDOW_BYTES, end - copiedTo);
            byte[] bytes = old.read(copiedTo, length);
            fresh.append(bytes);
            copiedTo += length;
            size += length;
        }
    }

    private void copy(JournalFile old, long position, int length, JournalFile fresh) throws IOException {
        if (position < windowAt || position + length > windowAt + window.length) {
            // What is open lies mostly side by side; nothing behind the beginning is needed.
            int ahead = (int) Math.min(Math.max(WINDOW_BYTES, length), begin - position);
            window = old.read(position, ahead);
            windowAt = position;
        }
        if (outSize + length > out.length) {
            flush(fresh);
            out = length > out.length ? new byte[length] : out;
        }
        System.arraycopy(window, (int) (position - windowAt), out, outSize, length);
        outSize += length;
    }

    private void flush(JournalFile fresh) throws IOException {
        fresh.append(out, outSize);
        size += outSize;
        outSize = 0;
    }

    /** Tells the index where everything is now, and forgets what was left out. Nobody may write meanwhile. */
    void moved(HoldIndex open) {
        for (int i = 0; i < rows.length; i++) {
            // Unless it was closed meanwhile, and the row is another's or nobody's.
            if (open.isAt(rows[i], positions[i])) {
                open.move(rows[i], moved[i]);
            }
        }
        for (int i = 0; i < outdated.length; i++) {
            if (open.isAt(outdated[i], outdatedPositions[i])) {
                open.remove(open.id(outdated[i]));
            }
        }
        // Last, as before it no place in the new file is at or behind the beginning.
        for (int row = open.oldest(); row != HoldIndex.NONE; row = open.after(row)) {
            if (open.position(row) >= begin) {
                open.move(row, open.position(row) - begin + base);
            }
        }
    }

    /** How long the new file is. */
    long size() {
        return size;
    }
}
