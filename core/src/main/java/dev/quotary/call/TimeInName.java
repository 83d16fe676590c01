package dev.quotary.call;

/**
 * The moment that a name begins with, where its form says so: a UUID of version 7 (RFC 9562) or a ULID.
 *
 * <p>Ids of events that are digests of their names lie anywhere in an index; those that keep this moment in front lie side by side when the
 * names were made one after the other, which is several times cheaper to store.
 */
final class TimeInName {
    private static final int UUID_LENGTH = 36;
    private static final int ULID_LENGTH = 26;
    private static final int ULID_TIME_DIGITS = 10;
    private static final int BASE_32_BITS = 5;
    private static final String BASE_32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int RADIX = 16;

    private TimeInName() {}

    /** Milliseconds since 1970 in 48 bits; -1 where the name has another form. */
    static long millis(String name) {
        return switch (name.length()) {
            case UUID_LENGTH -> ofUuid(name);
            case ULID_LENGTH -> ofUlid(name);
            default -> -1;
        };
    }

    private static long ofUuid(String name) {
        if (name.charAt(14) != '7' || "89abAB".indexOf(name.charAt(19)) < 0) {
            return -1;
        }
        long millis = 0;
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = name.charAt(i);
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') {
                    return -1;
                }
                continue;
            }
            int digit = c < 0x80 ? Character.digit(c, RADIX) : -1;
            if (digit < 0) {
                return -1;
            }
            millis = i < 13 ? millis << 4 | digit : millis;
        }
        return millis;
    }

    private static long ofUlid(String name) {
        long millis = 0;
        for (int i = 0; i < ULID_LENGTH; i++) {
            int digit = BASE_32.indexOf(name.charAt(i));
            if (digit < 0 || (i == 0 && digit > 7)) {
                return -1;
            }
            millis = i < ULID_TIME_DIGITS ? millis << BASE_32_BITS | digit : millis;
        }
        return millis;
    }
}
