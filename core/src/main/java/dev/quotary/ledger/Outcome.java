package dev.quotary.ledger;

import java.util.Locale;

/** How a metered call ended. */
public enum Outcome {
    SUCCESS,
    /** The provider answered with an error, or not at all; it usually bills nothing. */
    ERROR,
    /** The caller went away before the end. */
    CANCELLED,
    /** The server stopped while the call was running. */
    INTERRUPTED;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
