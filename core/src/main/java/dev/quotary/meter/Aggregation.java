package dev.quotary.meter;

import java.util.Locale;

/** How the values of a meter make up its total. */
public enum Aggregation {
    SUM,
    COUNT,
    /** How many different values there were. The value of a use is its dimension that is named as the meter is. */
    UNIQUE,
    MIN,
    MAX,
    AVG,
    /** A level, such as storage: the newest value stands until the next one. */
    LATEST;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
