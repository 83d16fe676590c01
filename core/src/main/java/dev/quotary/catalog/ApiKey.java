package dev.quotary.catalog;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret that acts for an organization; only its hash is known here.
 *
 * @param hash SHA-256 of the secret, in hexadecimal
 * @param prefix the beginning of the secret, to recognise it by
 * @param organization null for an admin of the whole server
 * @param subject whom a key of role {@link Role#SUBJECT} acts for; null for the other roles
 * @param expiresAt null for never
 */
public record ApiKey(
        KeyId id,
        String hash,
        String prefix,
        String name,
        Role role,
        @Nullable OrganizationKey organization,
        @Nullable SubjectKey subject,
        Instant createdAt,
        @Nullable Instant expiresAt) {
    public ApiKey {
        if (organization == null && role != Role.ADMIN) {
            throw new IllegalArgumentException("expected an organization for a key of role " + role.key());
        }
        if ((subject != null) != (role == Role.SUBJECT)) {
            throw new IllegalArgumentException("expected a subject exactly for a key of role subject");
        }
    }

    public boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
