package dev.quotary.http;

import dev.quotary.catalog.ApiKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The API keys by their hashes. Safe for many threads.
 *
 * <p>A secret has 256 random bits, so one fast hash protects it: looking its SHA-256 up in a map tells an attacker nothing about
 * secrets that exist, however long the look-up takes.
 */
public final class KeyRing {
    private static final int SECRET_LENGTH_MAX = 512;

    private final Map<String, ApiKey> byHash = new ConcurrentHashMap<>();

    public void put(ApiKey key) {
        byHash.put(key.hash(), key);
    }

    public Collection<ApiKey> keys() {
        return byHash.values();
    }

    /** Who shows this secret; empty if it is no key of ours, or has expired. */
    public Optional<Principal> find(String secret, Instant now) {
        if (secret.isEmpty() || secret.length() > SECRET_LENGTH_MAX) {
            return Optional.empty();
        }
        return Optional.ofNullable(byHash.get(hash(secret)))
                .filter(key -> !key.expired(now))
                .map(Principal::new);
    }

    /** SHA-256 of a secret, in hexadecimal. */
    public static String hash(String secret) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
