package dev.quotary.api.provider;

import dev.quotary.api.key.Secret;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A key at a provider, as it may be shown to people.
 *
 * @param prefix its first characters, at most a quarter of it
 * @param fingerprint of its SHA-256; the same key has the same wherever it is set
 */
public record StoredKey(String prefix, String fingerprint, Instant createdAt) {
    private static final int PREFIX_LENGTH_MAX = 8;
    private static final int FINGERPRINT_LENGTH = 16;

    static StoredKey of(Secret secret, Instant createdAt) {
        var text = secret.text();
        return new StoredKey(
                text.substring(0, Math.min(PREFIX_LENGTH_MAX, text.length() / 4)),
                HexFormat.of().formatHex(MasterKey.digest(text)).substring(0, FINGERPRINT_LENGTH),
                createdAt);
    }
}
