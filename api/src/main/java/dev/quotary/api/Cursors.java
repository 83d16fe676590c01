package dev.quotary.api;

import dev.quotary.http.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Pages of lists. A cursor is the place where a page ended, not a thing that is kept: it stays good whatever is changed meanwhile, and
 * nobody needs to give it back.
 */
final class Cursors {
    static final int LIMIT = 100;
    static final int LIMIT_MAX = 1_000;
    private static final int LENGTH_MAX = 4_096;
    private static final char MARK = '|';

    private Cursors() {}

    /** How many things a page may have. */
    static int limit(Exchange exchange) {
        return exchange.query("limit").map(Cursors::limit).orElse(LIMIT);
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= LIMIT_MAX) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // Told below.
        }
        throw InvalidInputException.inQuery(
                "limit", "expected a whole number of 1.." + LIMIT_MAX + ", was '" + text + "'");
    }

    /** @param list names the list, so that its cursors are good for no other */
    static String cursor(String list, String place) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((list + MARK + place).getBytes(StandardCharsets.UTF_8));
    }

    /** Where the page before ended; empty for the first page. */
    static Optional<String> place(Exchange exchange, String list) {
        return exchange.query("cursor").map(cursor -> place(cursor, list));
    }

    private static String place(String cursor, String list) {
        try {
            if (cursor.length() <= LENGTH_MAX) {
                var bytes = Base64.getUrlDecoder().decode(cursor);
                var text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                if (text.startsWith(list + MARK)) {
                    return text.substring(list.length() + 1);
                }
            }
        } catch (IllegalArgumentException | CharacterCodingException _) {
            // Told below.
        }
        throw InvalidInputException.inQuery("cursor", "expected the 'next_cursor' of a page of this list");
    }
}
