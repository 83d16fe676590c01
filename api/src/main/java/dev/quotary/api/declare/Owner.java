package dev.quotary.api.declare;

import java.util.Locale;

/** Who made a declared thing, and so may delete it. */
public enum Owner {
    /** A plans file. */
    APPLY,
    /** The management API. */
    API;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
