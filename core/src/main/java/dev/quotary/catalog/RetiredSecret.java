package dev.quotary.catalog;

import java.time.Instant;

/**
 * A secret of an API key that another one has taken the place of.
 *
 * @param hash SHA-256 of the secret, in hexadecimal
 * @param until opens nothing from then on
 */
public record RetiredSecret(String hash, String prefix, Instant until) {
    public boolean opens(Instant now) {
        return now.isBefore(until);
    }

    RetiredSecret ending(Instant at) {
        return new RetiredSecret(hash, prefix, at);
    }
}
