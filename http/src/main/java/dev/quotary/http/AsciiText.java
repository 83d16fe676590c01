package dev.quotary.http;

import com.fasterxml.jackson.core.SerializableString;
import dev.quotary.money.Money;
import io.netty.util.AsciiString;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * The value of a header, or JSON, while it is put together: bytes, as they are sent, so that no text has to be encoded. For one thread.
 */
public final class AsciiText {
    private static final int DIGITS_MAX = 19;
    private static final long PICOS_PER_DOLLAR = 1_000_000_000_000L;

    private byte[] bytes;
    private int size;

    public AsciiText(int capacity) {
        this.bytes = new byte[Math.max(1, capacity)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** @param ascii of nothing but ASCII */
    public AsciiText add(String ascii) {
        int length = ascii.length();
        room(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    /** @param number 0 or more */
    public AsciiText add(long number) {
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

    /** As {@link Money#toString} writes it. */
    public AsciiText add(Money amount) {
        long picos = amount.picos();
        add(picos / PICOS_PER_DOLLAR);
        long rest = picos % PICOS_PER_DOLLAR;
        if (rest > 0) {
            int point = size;
            // One digit more in front, so that zeros behind the point are written, and the point is put in its place.
            add(PICOS_PER_DOLLAR + rest);
            bytes[point] = '.';
            while (bytes[size - 1] == '0') {
                size--;
            }
        }
        return this;
    }

    /** What is UTF-8 already. */
    AsciiText add(SerializableString text) {
        byte[] utf8 = text.asUnquotedUTF8();
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    /** Begins anew, in the same bytes. */
    public AsciiText clear() {
        size = 0;
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

    /** A copy of what was added. */
    Buffer toBuffer() {
        return Buffer.buffer(size).appendBytes(bytes, 0, size);
    }
}
