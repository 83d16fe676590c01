package dev.quotary.api.key;

import dev.quotary.catalog.ApiKey;

/** What becomes of the wish to revoke a key. */
public sealed interface Revocation {
    /** It opens nothing any more; since now or since earlier. */
    record Revoked(ApiKey key) implements Revocation {}

    /** Nobody could administer the server without it. */
    record LastAdmin(ApiKey key) implements Revocation {}
}
