package dev.quotary.journal;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.zip.CRC32;

/**
 * The form of records in a file: {@code CRC-32, length, content}, the sum over all behind it. Reading stops at the first record that is
 * cut or broken.
 */
public final class Records {
    /** Longest content of one record: more is a mistake, and a length beyond it is a broken record. */
    public static final int CONTENT_BYTES_MAX = 1 << 20;

    /** What is before the content of a record. */
    public static final int HEADER_BYTES = 2 * Integer.BYTES;

    private static final int USUAL_BYTES = 1024;

    private final RecordOutput out = new RecordOutput(USUAL_BYTES);

    /** Records that are written together; for one thread. */
    public Records() {}

    /** Writes the content of one record. */
    public interface Content {
        void write(RecordOutput out) throws IOException;
    }

    /** Reads the content of one record, all of it. */
    public interface Reader {
        void read(DataInputStream in) throws IOException;
    }

    /** As {@link Reader}, and is told where the record is: from which byte on, header included, and how many bytes. */
    public interface PlacedReader {
        void read(int at, int length, DataInputStream in) throws IOException;
    }

    /** One record alone. */
    public static byte[] of(Content content) throws IOException {
        return new Records().add(content).toByteArray();
    }

    /**
     * Adds a record.
     *
     * @throws IOException if the content is longer than {@link #CONTENT_BYTES_MAX}, or cannot be written; nothing is added then
     */
    public Records add(Content content) throws IOException {
        int at = out.size();
        try {
            out.writeLong(0);
            content.write(out);
            int length = out.size() - at - HEADER_BYTES;
            if (length > CONTENT_BYTES_MAX) {
                throw new IOException("a record of " + length + " bytes is larger than " + CONTENT_BYTES_MAX);
            }
            out.setInt(at + Integer.BYTES, length);
            out.setInt(at, sum(out.array(), at, length));
            return this;
        } catch (IOException | RuntimeException e) {
            out.truncate(at);
            throw e;
        }
    }

    /** Adds a record that was made before. */
    public void add(byte[] record) {
        out.write(record);
    }

    public boolean empty() {
        return out.size() == 0;
    }

    /** How many bytes all records take: where the next one begins. */
    public int size() {
        return out.size();
    }

    /** Forgets the records from one on that began at {@code size}. */
    public void truncate(int size) {
        out.truncate(size);
    }

    /** Writes all records at the end of a file, at once. */
    public void appendTo(JournalFile file) throws IOException {
        file.append(out.array(), out.size());
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }

    /** Forgets all records, to begin anew. */
    public void clear() {
        out.clear();
    }

    /**
     * Hands out the content of every whole record, in their order.
     *
     * @return how many bytes the whole records take; what is behind is to be cut off
     * @throws IOException if a whole record cannot be understood: it is not of this version, or holds an impossible value
     */
    public static int read(byte[] bytes, Reader each) throws IOException {
        return readPlaced(bytes, (_, _, in) -> each.read(in));
    }

    /** As {@link #read(byte[], Reader)}, with the place of every record. */
    public static int readPlaced(byte[] bytes, PlacedReader each) throws IOException {
        int at = 0;
        for (int end = recordEnd(bytes, at); end >= 0; end = recordEnd(bytes, at)) {
            read(bytes, at, end, each);
            at = end;
        }
        return at;
    }

    private static void read(byte[] bytes, int at, int end, PlacedReader each) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes, at + HEADER_BYTES, end - at - HEADER_BYTES));
        try {
            each.read(at, end - at, in);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("a record with an impossible value", e);
        }
        if (in.available() > 0) {
            throw new IOException("a record that is longer than expected");
        }
    }

    /** Where the record that begins at {@code at} ends; -1 if there is none, or it is cut or broken. */
    private static int recordEnd(byte[] bytes, int at) {
        int left = bytes.length - at - HEADER_BYTES;
        if (left < 1) {
            return -1;
        }
        var header = ByteBuffer.wrap(bytes, at, HEADER_BYTES);
        int expected = header.getInt();
        int length = header.getInt();
        if (length < 1 || length > CONTENT_BYTES_MAX || length > left) {
            return -1;
        }
        return sum(bytes, at, length) == expected ? at + HEADER_BYTES + length : -1;
    }

    /** The sum of the record that begins at {@code at}: over its length and its content. */
    private static int sum(byte[] bytes, int at, int length) {
        var crc = new CRC32();
        crc.update(bytes, at + Integer.BYTES, Integer.BYTES + length);
        return (int) crc.getValue();
    }
}
