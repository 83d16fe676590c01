package dev.quotary.call;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The 128 bits behind reservation and event ids, and their text form. */
final class Bits {
    private static final int DIGITS = 32;
    private static final HexFormat HEX = HexFormat.of();

    private Bits() {}

    static String format(String prefix, long high, long low) {
        return prefix + HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }

    static boolean hasForm(String prefix, String text) {
        return text.length() == prefix.length() + DIGITS
                && text.startsWith(prefix)
                && text.chars().skip(prefix.length()).allMatch(HexFormat::isHexDigit);
    }

    static long[] parse(String prefix, String text) {
        if (!hasForm(prefix, text)) {
            throw new IllegalArgumentException("expected " + prefix + " and " + DIGITS + " hexadecimal digits");
        }
        int middle = prefix.length() + DIGITS / 2;
        return new long[] {
            HexFormat.fromHexDigitsToLong(text, prefix.length(), middle),
            HexFormat.fromHexDigitsToLong(text, middle, text.length())
        };
    }

    /** The first half of a SHA-256 over the parts, each led by its length so that no two lists of parts collide. */
    static long[] digest(String... parts) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
                sha.update(bytes);
            }
            var digest = ByteBuffer.wrap(sha.digest());
            return new long[] {digest.getLong(), digest.getLong()};
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
