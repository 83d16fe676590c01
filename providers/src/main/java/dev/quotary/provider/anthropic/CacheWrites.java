package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.price.Component;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** Which kinds of cache writes a request asks for: a provider writes only where it is told to, and a write costs more than a read. */
final class CacheWrites {
    private final RequestCursor cursor;
    private final Set<Component> asked = EnumSet.noneOf(Component.class);

    CacheWrites(RequestCursor cursor) {
        this.cursor = cursor;
    }

    /** Whether a member of this name asks for a write. */
    static boolean named(String member) {
        return member.equals("cache_control") || member.equals("caching");
    }

    /** Reads the value at hand; a life that is not known may be either. */
    void read() throws IOException {
        if (cursor.atNull()) {
            return;
        }
        boolean told = false;
        if (cursor.at(START_OBJECT)) {
            while (cursor.more()) {
                if (cursor.member().equals("ttl") && cursor.at(VALUE_STRING)) {
                    told = true;
                    life(cursor.text());
                }
                cursor.skip();
            }
        } else {
            cursor.skip();
        }
        if (!told) {
            asked.add(Component.CACHE_WRITE_5M);
        }
    }

    private void life(String ttl) {
        switch (ttl) {
            case "5m" -> asked.add(Component.CACHE_WRITE_5M);
            case "1h" -> asked.add(Component.CACHE_WRITE_1H);
            default -> any();
        }
    }

    /** Writes of any life may happen. */
    void any() {
        asked.add(Component.CACHE_WRITE_5M);
        asked.add(Component.CACHE_WRITE_1H);
    }

    Set<Component> asked() {
        return asked;
    }
}
