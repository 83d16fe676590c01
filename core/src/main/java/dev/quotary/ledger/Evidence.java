package dev.quotary.ledger;

import java.util.Locale;

/** Where the numbers of a usage event come from. */
public enum Evidence {
    /** The provider's own usage report. */
    PROVIDER,
    /** The provider's report of a part, completed by an estimate. */
    PARTIAL,
    /** Our estimate: the provider reported nothing, or nothing of what was written. */
    ESTIMATE,
    /** The caller of the API said so. */
    REPORTED;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
