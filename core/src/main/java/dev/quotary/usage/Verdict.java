package dev.quotary.usage;

import java.util.Locale;

/** What a decision says. */
public enum Verdict {
    ALLOWED,
    ALLOWED_WITH_WARNINGS,
    /** Beyond a maximum that slows down: the call may be made after {@link Decision#delay}. */
    THROTTLED,
    DENIED,
    /** The store did not answer, and the operator chose to let such calls pass; the use is recorded afterwards. */
    ALLOWED_UNMETERED;

    /** Kept: it is asked for with every answer. */
    private final String key = name().toLowerCase(Locale.ROOT);

    public String key() {
        return key;
    }

    public boolean allowed() {
        return switch (this) {
            case ALLOWED, ALLOWED_WITH_WARNINGS, THROTTLED, ALLOWED_UNMETERED -> true;
            case DENIED -> false;
        };
    }
}
