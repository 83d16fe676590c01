package dev.quotary.call;

/** The form that all keys chosen by people share. */
final class Keys {
    private static final int LENGTH_MAX = 256;

    private Keys() {}

    static void check(String what, String value) {
        if (value.isBlank() || value.length() > LENGTH_MAX || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "expected " + what + " of 1.." + LENGTH_MAX + " printable characters, was '" + shown(value) + "'");
        }
    }

    private static String shown(String value) {
        var head = value.length() > 40 ? value.substring(0, 40) + "…" : value;
        return head.replaceAll("\\p{Cntrl}", "?");
    }
}
