package dev.quotary.sql;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Any Java text in a form that every database keeps as it is.
 *
 * <p>PostgreSQL refuses a text with a NUL in it, and half a surrogate pair has no UTF-8 at all; either in one caller's event would fail
 * the transaction of all others, for ever. Such characters are written as four digits after an escape that is no character of any
 * language. Everything else, which is practically everything, stays as it is, so that the beginning of a text is still the beginning of
 * its storable form.
 */
public final class StorableText {
    private static final char ESCAPE = '\uffff';
    private static final int DIGITS = 4;
    /** One less than the first surrogate, as NUL less one is the last character. */
    private static final char SUSPECT = Character.MIN_SURROGATE - 1;

    private static final HexFormat HEX = HexFormat.of();

    private StorableText() {}

    public static @Nullable String ofNullable(@Nullable String text) {
        return text == null ? null : of(text);
    }

    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            // One comparison for nearly every character there is: all but NUL, surrogates and what is behind them.
            if ((char) (text.charAt(i) - 1) >= SUSPECT && unstorable(text, i)) {
                return escaped(text);
            }
        }
        return text;
    }

    private static boolean unstorable(String text, int index) {
        char c = text.charAt(index);
        if (c == 0 || c == ESCAPE) {
            return true;
        }
        if (Character.isHighSurrogate(c)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }

    private static String escaped(String text) {
        var escaped = new StringBuilder(text.length() + DIGITS);
        for (int i = 0; i < text.length(); i++) {
            if (unstorable(text, i)) {
                escaped.append(ESCAPE).append(HEX.toHexDigits(text.charAt(i)));
            } else {
                escaped.append(text.charAt(i));
            }
        }
        return escaped.toString();
    }

    public static @Nullable String plainOrNull(@Nullable String stored) {
        return stored == null || stored.indexOf(ESCAPE) < 0 ? stored : plain(stored);
    }

    private static String plain(String stored) {
        var plain = new StringBuilder(stored.length());
        for (int i = 0; i < stored.length(); i++) {
            char c = stored.charAt(i);
            if (c == ESCAPE) {
                plain.append((char) HexFormat.fromHexDigits(stored, i + 1, i + 1 + DIGITS));
                i += DIGITS;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
