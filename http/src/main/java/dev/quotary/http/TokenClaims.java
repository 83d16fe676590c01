package dev.quotary.http;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import java.time.Instant;
import java.util.Locale;

/**
 * What a token says.
 *
 * @param issuer the API key with which it was made; the token dies with it
 * @param expiresAt opens nothing from then on
 */
public record TokenClaims(
        Kind kind,
        OrganizationKey organization,
        SubjectKey subject,
        KeyId issuer,
        Instant issuedAt,
        Instant expiresAt) {
    /** What a token is for. */
    public enum Kind {
        /** An end user looks at its own use. */
        PORTAL,
        /** An anonymous visitor does, who is nobody else. */
        VISITOR;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
