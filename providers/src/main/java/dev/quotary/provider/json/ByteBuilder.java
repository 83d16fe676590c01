package dev.quotary.provider.json;

import java.util.Arrays;

/** A growing array of bytes that lends its array out, which {@code ByteArrayOutputStream} does not. For one thread at a time. */
public final class ByteBuilder {
    /** An emptied builder gives up an array larger than this, so that one large event does not cost its memory for a whole stream. */
    private static final int KEPT_BYTES_MAX = 64 * 1024;

    private static final byte[] NOTHING = {};

    private byte[] array = NOTHING;
    private int size;

    public void append(byte[] bytes, int from, int to) {
        if (from < to) {
            room(to - from);
            System.arraycopy(bytes, from, array, size, to - from);
            size += to - from;
        }
    }

    /** Appends the lowest eight bits. */
    public void append(int oneByte) {
        room(1);
        array[size++] = (byte) oneByte;
    }

    private void room(int more) {
        int needed = Math.addExact(size, more);
        if (needed > array.length) {
            array = Arrays.copyOf(array, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * array.length)));
        }
    }

    public void clear() {
        size = 0;
        if (array.length > KEPT_BYTES_MAX) {
            array = NOTHING;
        }
    }

    public int size() {
        return size;
    }

    public boolean empty() {
        return size == 0;
    }

    /** The array itself: the first {@link #size} bytes are the content, until the next change. */
    public byte[] array() {
        return array;
    }
}
