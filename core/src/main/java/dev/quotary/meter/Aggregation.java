package dev.quotary.meter;

import java.util.Locale;

/** How the values of a meter make up its total. */
public enum Aggregation {
    SUM,
    COUNT,
    UNIQUE,
    MAX,
    /** A level, such as storage: the newest value stands until the next one. */
    LATEST;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
