package dev.quotary.limit;

import java.util.Locale;

/** Whether calls pass while the store that a limit is decided in does not answer. */
public enum OnStoreFailure {
    ALLOW,
    DENY;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
