package dev.quotary.api.key;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a new key is to be.
 *
 * @param organization null for an admin of the whole server
 * @param subject whom a key of role {@link Role#SUBJECT} acts for; null for the other roles
 * @param name for people
 * @param expiresAt null for never
 */
public record KeyOrder(
        Role role,
        @Nullable OrganizationKey organization,
        @Nullable SubjectKey subject,
        String name,
        @Nullable Instant expiresAt) {
    /** The key of whoever runs the server. */
    public static final KeyOrder SERVER_ADMIN = new KeyOrder(Role.ADMIN, null, null, "admin", null);

    private static final int NAME_LENGTH_MAX = 256;

    public KeyOrder {
        if (role == Role.PORTAL) {
            throw new IllegalArgumentException("expected a role of keys; portals are opened by tokens");
        }
        if (name.length() > NAME_LENGTH_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "expected a name of at most " + NAME_LENGTH_MAX + " printable characters");
        }
    }
}
