package dev.quotary.price;

import java.util.Locale;

/** The class of service that a provider charged for. It is known from the answer, not from the request. */
public enum ServiceTier {
    STANDARD,
    BATCH,
    FLEX,
    PRIORITY;

    /** The name in JSON, SQL and receipts, such as {@code priority}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
