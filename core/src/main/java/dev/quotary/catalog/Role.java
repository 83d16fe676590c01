package dev.quotary.catalog;

import java.util.Locale;

/** What an API key may do. */
public enum Role {
    /** Everything, on the whole server or within one organization. */
    ADMIN,
    /** Use on behalf of any subject of its organization. */
    SERVICE,
    /** Use on behalf of one subject. */
    SUBJECT,
    /** Look, never change, within its organization. */
    READ;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
