package dev.quotary.provider;

import java.util.Arrays;

/** A stretch of an array, not copied. Whoever holds the array must leave these bytes alone while the slice is in use. */
public final class Slice {
    public static final Slice EMPTY = new Slice(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    public Slice(byte[] array, int offset, int length) {
        if (offset < 0 || length < 0 || offset > array.length - length) {
            throw new IllegalArgumentException(
                    "expected a stretch of " + array.length + " bytes, was " + length + " from " + offset);
        }
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    public byte[] array() {
        return array;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    public boolean empty() {
        return length == 0;
    }

    /** Whether this is exactly that stretch of that array, so that the buffer it came from can be passed on as it is. */
    // The question is whether it is the one array, not whether the bytes are alike.
    @SuppressWarnings("ReferenceEquality")
    public boolean same(byte[] otherArray, int otherOffset, int otherLength) {
        return array == otherArray && offset == otherOffset && length == otherLength;
    }

    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** Without the bytes, which must not reach a log. */
    @Override
    public String toString() {
        return "Slice[length=" + length + "]";
    }
}
