package dev.quotary.client;

import java.util.Locale;

/** How a call ended. */
public enum Outcome {
    SUCCESS,
    /** It failed; what a {@link Usage} does not name counts as nothing then. */
    ERROR,
    /** Whoever asked for it left before its end. */
    CANCELLED;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
