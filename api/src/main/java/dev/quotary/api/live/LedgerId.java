package dev.quotary.api.live;

import java.util.OptionalLong;

/** The id of an event in a stream that follows the ledger of several servers: the number that the event has there. */
final class LedgerId {
    private static final String PREFIX = "n";

    private LedgerId() {}

    static String of(long number) {
        return PREFIX + number;
    }

    static OptionalLong parse(String id) {
        if (!id.startsWith(PREFIX)) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(id.substring(PREFIX.length()));
            return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }
}
