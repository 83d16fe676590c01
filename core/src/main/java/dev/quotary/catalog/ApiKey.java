package dev.quotary.catalog;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A secret that acts for an organization; only its hash is known here.
 *
 * @param hash SHA-256 of the secret, in hexadecimal
 * @param prefix the beginning of the secret, to recognise it by
 * @param organization null for an admin of the whole server
 * @param subject whom a key of role {@link Role#SUBJECT} or {@link Role#PORTAL} acts for; null for the other roles
 * @param expiresAt null for never
 * @param retired secrets that went before this one and still open for a while, the oldest first
 * @param revokedAt null as long as nobody has
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
        @Nullable Instant expiresAt,
        List<RetiredSecret> retired,
        @Nullable Instant revokedAt) {
    public ApiKey {
        retired = List.copyOf(retired);
        if (organization == null && role != Role.ADMIN) {
            throw new IllegalArgumentException("expected an organization for a key of role " + role.key());
        }
        if ((subject != null) != (role == Role.SUBJECT || role == Role.PORTAL)) {
            throw new IllegalArgumentException("expected a subject exactly for a key of role subject");
        }
    }

    public boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** Whether it opens anything now, to whoever shows one of its secrets. */
    public boolean valid(Instant now) {
        return revokedAt == null && !expired(now);
    }

    /** Whether the secret of this hash opens what the key opens. */
    public boolean opensBy(String shown, Instant now) {
        return valid(now)
                && (hash.equals(shown)
                        || retired.stream().anyMatch(secret -> secret.hash().equals(shown) && secret.opens(now)));
    }

    public ApiKey revoked(Instant at) {
        return new ApiKey(id, hash, prefix, name, role, organization, subject, createdAt, expiresAt, List.of(), at);
    }

    /**
     * With a new secret; the present one opens until an instant. Those that were retired before keep their own ends, but none outlives that
     * of the present one.
     */
    public ApiKey rotated(String newHash, String newPrefix, Instant until, Instant now) {
        var before = Stream.concat(
                        retired.stream().map(secret -> secret.until().isAfter(until) ? secret.ending(until) : secret),
                        Stream.of(new RetiredSecret(hash, prefix, until)))
                .filter(secret -> secret.opens(now))
                .toList();
        return new ApiKey(
                id, newHash, newPrefix, name, role, organization, subject, createdAt, expiresAt, before, revokedAt);
    }
}
