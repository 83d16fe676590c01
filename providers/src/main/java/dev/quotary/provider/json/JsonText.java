package dev.quotary.provider.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * The inside of JSON string literals, read where they lie. Escapes are decoded leniently, since a parser judges them elsewhere: an
 * unknown one counts as one byte, half a surrogate pair as U+FFFD.
 */
public final class JsonText {
    private static final int REPLACEMENT = 0xFFFD;
    private static final int UNICODE_ESCAPE_LENGTH = 6;

    private JsonText() {}

    /** A text as a JSON string with its quotes. */
    public static String literal(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /** The place of the quote that closes the literal whose inside starts at {@code from}, or {@code to} if none does. */
    public static int end(byte[] json, int from, int to) {
        int at = from;
        while (at < to) {
            byte b = json[at];
            if (b == '"') {
                return at;
            }
            at += b == '\\' ? 2 : 1;
        }
        return to;
    }

    /** UTF-8 bytes of the decoded literal whose inside starts at {@code from} and ends at the first quote or at {@code to}. */
    public static int decodedBytes(byte[] json, int from, int to) {
        int at = from;
        int saved = 0;
        while (at < to && json[at] != '"') {
            if (json[at] != '\\') {
                at++;
            } else if (unicodeEscape(json, at, to)) {
                int codePoint = codePoint(json, at, to);
                saved += escapeLength(codePoint) - utf8Length(codePoint);
                at += escapeLength(codePoint);
            } else {
                saved++;
                at += 2;
            }
        }
        return Math.max(Math.min(at, to) - from - saved, 0);
    }

    /** Appends the decoded literal whose inside is {@code from} to {@code to}. */
    public static void decode(byte[] json, int from, int to, ByteBuilder target) {
        int at = from;
        int plain = from;
        while (at < to) {
            if (json[at] != '\\') {
                at++;
                continue;
            }
            target.append(json, plain, at);
            if (unicodeEscape(json, at, to)) {
                int codePoint = codePoint(json, at, to);
                appendUtf8(codePoint, target);
                at += escapeLength(codePoint);
            } else {
                target.append(at + 1 < to ? unescaped(json[at + 1]) : '?');
                at += 2;
            }
            plain = Math.min(at, to);
        }
        target.append(json, plain, to);
    }

    private static boolean unicodeEscape(byte[] json, int at, int to) {
        return at + UNICODE_ESCAPE_LENGTH <= to && json[at] == '\\' && json[at + 1] == 'u';
    }

    private static int escapeLength(int codePoint) {
        return codePoint > Character.MAX_VALUE ? 2 * UNICODE_ESCAPE_LENGTH : UNICODE_ESCAPE_LENGTH;
    }

    private static int codePoint(byte[] json, int at, int to) {
        int unit = codeUnit(json, at, to);
        if (unit >= 0 && Character.isHighSurrogate((char) unit)) {
            int low = codeUnit(json, at + UNICODE_ESCAPE_LENGTH, to);
            boolean pair = low >= 0 && Character.isLowSurrogate((char) low);
            return pair ? Character.toCodePoint((char) unit, (char) low) : REPLACEMENT;
        }
        return unit < 0 || Character.isLowSurrogate((char) unit) ? REPLACEMENT : unit;
    }

    /** The value of the escape {@code \\uXXXX} at this place, or -1 if there is none. */
    private static int codeUnit(byte[] json, int at, int to) {
        if (!unicodeEscape(json, at, to)) {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + UNICODE_ESCAPE_LENGTH; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    private static int utf8Length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint > Character.MAX_VALUE ? 4 : 3;
    }

    private static void appendUtf8(int codePoint, ByteBuilder target) {
        int length = utf8Length(codePoint);
        switch (length) {
            case 1 -> target.append(codePoint);
            case 2 -> target.append(0xC0 | (codePoint >> 6));
            case 3 -> target.append(0xE0 | (codePoint >> 12));
            default -> target.append(0xF0 | (codePoint >> 18));
        }
        for (int rest = length - 2; rest >= 0; rest--) {
            target.append(0x80 | ((codePoint >> (6 * rest)) & 0x3F));
        }
    }

    private static int unescaped(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }
}
