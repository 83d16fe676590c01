package dev.quotary.catalog;

import java.util.Locale;

/** What whoever shows an API key or a token may do. */
public enum Role {
    /** Everything, on the whole server or within one organization. */
    ADMIN,
    /** Use on behalf of any subject of its organization. */
    SERVICE,
    /** Use on behalf of one subject. */
    SUBJECT,
    /** Look, never change, within its organization. */
    READ,
    /** Look at the use of one subject, and nothing else; of portal tokens, never of keys. */
    PORTAL;

    /** The roles that a key can have. */
    public static Role[] ofKeys() {
        return new Role[] {ADMIN, SERVICE, SUBJECT, READ};
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
