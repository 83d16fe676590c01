package dev.quotary.usage;

import java.util.Locale;

/**
 * How a limit stands, which is what the next call meets; worst last but one: {@link #SHADOW} only says that it would be exceeded if it
 * were enforced.
 */
public enum LimitState {
    OK,
    WARNING,
    THROTTLED,
    GRACE,
    OVERAGE,
    EXCEEDED,
    SHADOW;

    /** Kept: it is asked for with every answer. */
    private final String key = name().toLowerCase(Locale.ROOT);

    public String key() {
        return key;
    }
}
