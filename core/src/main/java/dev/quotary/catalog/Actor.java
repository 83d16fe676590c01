package dev.quotary.catalog;

import java.util.Locale;

/**
 * Who makes a change.
 *
 * @param id of the API key; empty for others
 * @param name for people: of the key, or of the file
 */
public record Actor(Kind kind, String id, String name) {
    /** The server itself. */
    public static final Actor SERVER = new Actor(Kind.SERVER, "", "");

    /** What sort of actor it is. */
    public enum Kind {
        /** Whoever showed an API key, by the API or by the command line, which uses the API. */
        KEY,
        /** A plans file that was applied when the server started. */
        START,
        /** The server, of its own accord. */
        SERVER;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Actor of(ApiKey key) {
        return new Actor(Kind.KEY, key.id().value(), key.name());
    }

    /** @param file that the server applies as it starts */
    public static Actor start(String file) {
        return new Actor(Kind.START, "", file);
    }
}
