package dev.quotary.sql;

import java.util.Comparator;

/**
 * The order of texts in the database: by code points, as their UTF-8 bytes compare. {@link String#compareTo} differs from it beyond the
 * basic plane.
 */
final class TextOrder {
    static final Comparator<String> BY_CODE_POINTS = TextOrder::compare;

    private TextOrder() {}

    static int compare(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        for (int i = 0; i < shorter; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                // Halves of a pair stand for code points above all others.
                return Character.isSurrogate(a) == Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
            }
        }
        return Integer.compare(one.length(), other.length());
    }
}
