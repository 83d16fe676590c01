package dev.quotary.gateway;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * How a body is compressed, as far as it can be read here (RFC 9110, 8.4.1). Decoding is bounded in bytes, and in how much longer than its
 * source a text may get: a few kilobytes must not become the memory of the server.
 */
enum ContentCoding {
    IDENTITY,
    GZIP,
    DEFLATE;

    /** No JSON that people send is longer than this many times its compressed form, once it is longer than {@link #FREE_BYTES}. */
    private static final long RATIO_MAX = 200;

    private static final long FREE_BYTES = 1L << 20;
    private static final int PIECE_BYTES = 8192;

    /** It is longer than it may be, or is not what it says. */
    static final class CodingException extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean tooLarge;

        CodingException(String message, boolean tooLarge) {
            super(message);
            this.tooLarge = tooLarge;
        }

        boolean tooLarge() {
            return tooLarge;
        }
    }

    /**
     * @param header {@code Content-Encoding}; null for none
     * @return empty if it cannot be read here, such as zstd, br, or several after each other
     */
    static Optional<ContentCoding> of(@Nullable String header) {
        return header == null
                ? Optional.of(IDENTITY)
                : switch (header.strip().toLowerCase(Locale.ROOT)) {
                    case "", "identity" -> Optional.of(IDENTITY);
                    case "gzip", "x-gzip" -> Optional.of(GZIP);
                    case "deflate" -> Optional.of(DEFLATE);
                    default -> Optional.empty();
                };
    }

    /** Takes milliseconds for large bodies: not for event loops. */
    byte[] decode(byte[] coded, long bytesMax) throws CodingException {
        long max = Math.min(bytesMax, Math.max(FREE_BYTES, coded.length * RATIO_MAX));
        try (var in = open(coded)) {
            return read(in, max);
        } catch (CodingException e) {
            throw e;
        } catch (IOException e) {
            throw new CodingException("the body is not " + name().toLowerCase(Locale.ROOT), false);
        }
    }

    private InputStream open(byte[] coded) throws IOException {
        var in = new ByteArrayInputStream(coded);
        return switch (this) {
            case IDENTITY -> in;
            case GZIP -> new GZIPInputStream(in);
            case DEFLATE -> framed(coded) ? new InflaterInputStream(in) : unframed(in);
        };
    }

    /** Some send what the name says, without the frame that the standard wants. The JDK asks for a byte behind such a text. */
    private static InputStream unframed(InputStream in) {
        var padded = new SequenceInputStream(in, new ByteArrayInputStream(new byte[1]));
        return new InflaterInputStream(padded, new Inflater(true)) {
            @Override
            public void close() throws IOException {
                super.close();
                // Memory of the system: only a default one is given back by the stream itself.
                inf.end();
            }
        };
    }

    /** Whether it begins with the header of zlib (RFC 1950): the method in four bits, and a check over two bytes. */
    private static boolean framed(byte[] coded) {
        return coded.length >= 2 && (coded[0] & 0x0f) == 8 && ((coded[0] & 0xff) * 256 + (coded[1] & 0xff)) % 31 == 0;
    }

    private static byte[] read(InputStream in, long max) throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE_BYTES];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            if (out.size() + (long) count > max) {
                throw new CodingException("the body is larger than " + max + " bytes when it is decoded", true);
            }
            out.write(piece, 0, count);
        }
        return out.toByteArray();
    }
}
