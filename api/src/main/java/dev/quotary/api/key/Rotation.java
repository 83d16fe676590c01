package dev.quotary.api.key;

import dev.quotary.catalog.ApiKey;

/** What becomes of the wish for a new secret. */
public sealed interface Rotation {
    /** The key has a new secret; the one before opens as long as was told. */
    record Made(NewKey rotated) implements Rotation {}

    /** The key is revoked or expired: a new secret would not bring it back. */
    record NotValid(ApiKey key) implements Rotation {}

    /** So many secrets of the key are still good that another rotation has to wait, or to end them. */
    record TooMany(ApiKey key) implements Rotation {}
}
