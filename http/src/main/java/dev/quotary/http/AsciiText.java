package dev.quotary.http;

import io.netty.util.AsciiString;
import java.util.Arrays;

/** The value of a header while it is put together: bytes, as they are sent, so that no text has to be encoded. For one thread. */
final class AsciiText {
    private static final int DIGITS_MAX = 19;

    private byte[] bytes;
    private int size;

    AsciiText(int capacity) {
        this.bytes = new byte[Math.max(1, capacity)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** @param ascii of nothing but ASCII */
    // Of text that is known to be ASCII, copying the low bytes is the encoding.
    @SuppressWarnings("deprecation")
    AsciiText add(String ascii) {
        int length = ascii.length();
        room(length);
        ascii.getBytes(0, length, bytes, size);
        size += length;
        return this;
    }

    /** @param number 0 or more */
    AsciiText add(long number) {
        room(DIGITS_MAX);
        int length = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            length++;
        }
        long rest = number;
        for (int at = size + length - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += length;
        return this;
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }

    /** What was added, without a copy; nothing may be added any more. */
    AsciiString value() {
        return new AsciiString(bytes, 0, size, false);
    }
}
