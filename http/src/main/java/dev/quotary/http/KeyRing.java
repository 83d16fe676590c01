package dev.quotary.http;

import dev.quotary.call.KeyId;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The API keys by their hashes, and when each was used last. Safe for many threads.
 *
 * <p>A secret has 256 random bits, so one fast hash protects it: looking its SHA-256 up in a map tells an attacker nothing about
 * secrets that exist, however long the look-up takes, as nobody can choose what a hash begins with.
 *
 * <p>Uses are noted to a minute, so that busy keys are not written to by every call on every core.
 */
public final class KeyRing {
    private static final int SECRET_LENGTH_MAX = 512;
    private static final long USE_SECONDS = 60;
    /** Whoever knows the console's password acts by no key of the ring, and makes tokens all the same. */
    static final KeyId OPERATOR = new KeyId("console");

    private final Map<String, Entry> byHash = new ConcurrentHashMap<>();
    private final Map<KeyId, Entry> byId = new ConcurrentHashMap<>();
    private final Tokens tokens = new Tokens();

    /** Changes of one key are made one after the other, under the ring's lock; readers never wait. */
    private static final class Entry {
        volatile ApiKey key;
        /** Seconds of the epoch; 0 for never. Two threads may write at once: both times are true to a minute. */
        volatile long used;
        /** What was last handed to be stored; guarded by the ring. */
        long stored;

        Entry(ApiKey key) {
            this.key = key;
        }
    }

    /**
     * Adds a key, or lets it take the place of the one of the same id. A key that was revoked stays so, whatever comes in which order: nobody
     * gets back in because another server stored an older state of it.
     */
    public synchronized void put(ApiKey key) {
        var entry = byId.computeIfAbsent(key.id(), _ -> new Entry(key));
        var before = entry.key;
        var revokedAt = before.revokedAt();
        var now = revokedAt == null || key.revokedAt() != null ? key : key.revoked(revokedAt);
        // In this order, so that a secret which opens before and after opens in between as well.
        var shown = hashes(now).toList();
        shown.forEach(hash -> byHash.put(hash, entry));
        entry.key = now;
        hashes(before).filter(hash -> !shown.contains(hash)).forEach(byHash::remove);
    }

    private static Stream<String> hashes(ApiKey key) {
        return Stream.concat(Stream.of(key.hash()), key.retired().stream().map(retired -> retired.hash()));
    }

    /** Every key, in no order. */
    public Collection<ApiKey> keys() {
        return byId.values().stream().map(entry -> entry.key).toList();
    }

    public int size() {
        return byId.size();
    }

    public Optional<ApiKey> key(KeyId id) {
        return Optional.ofNullable(byId.get(id)).map(entry -> entry.key);
    }

    /** Whose secret this is; empty if it is no key of ours, or opens nothing any more. Notes the use. */
    public Optional<Principal> find(String secret, Instant now) {
        if (secret.isEmpty() || secret.length() > SECRET_LENGTH_MAX) {
            return Optional.empty();
        }
        var hash = hash(secret);
        var entry = byHash.get(hash);
        if (entry == null || !entry.key.opensBy(hash, now)) {
            return Optional.empty();
        }
        long second = now.getEpochSecond();
        if (second - entry.used >= USE_SECONDS) {
            entry.used = second;
        }
        return Optional.of(new Principal(entry.key));
    }

    /** The tokens that are made with keys of this ring. */
    public Tokens tokens() {
        return tokens;
    }

    /**
     * Whom a token stands for.
     *
     * @throws ProblemException with status 401 if it was not made here, has expired, or has outlived the key that it was made with
     */
    Principal holder(String token, Instant now) {
        return switch (tokens.read(token, now)) {
            case TokenReading.Valid(var claims)
            when claims.issuer().equals(OPERATOR)
                    || key(claims.issuer()).filter(key -> key.valid(now)).isPresent() -> new Principal(standIn(claims));
            case TokenReading.Valid _ ->
                throw new ProblemException(
                        ErrorCode.TOKEN_INVALID, "The API key that this token was made with is not valid any more.");
            case TokenReading.Expired _ ->
                throw new ProblemException(ErrorCode.TOKEN_EXPIRED, "This token has expired; have another one made.");
            case TokenReading.Forged _ ->
                throw new ProblemException(ErrorCode.TOKEN_INVALID, "This token was not made here, or was changed.");
        };
    }

    /**
     * What a token allows, in the form of a key: to look. Tokens are in browsers, so that whoever likes has one; to use or to record with them
     * would let anybody exhaust the limits of the whole organization.
     */
    private static ApiKey standIn(TokenClaims claims) {
        return new ApiKey(
                claims.issuer(),
                "",
                Tokens.PREFIX,
                "",
                Role.PORTAL,
                claims.organization(),
                claims.subject(),
                claims.issuedAt(),
                claims.expiresAt(),
                List.of(),
                null);
    }

    /** When a key was used last, to some minutes; empty if never, as far as is known. */
    public Optional<Instant> used(KeyId id) {
        var entry = byId.get(id);
        return entry == null || entry.used == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(entry.used));
    }

    /** What another process or an earlier run knows of uses: the later one counts. */
    public synchronized void noteUses(Map<KeyId, Instant> uses) {
        uses.forEach((id, at) -> {
            var entry = byId.get(id);
            if (entry != null) {
                entry.used = Math.max(entry.used, at.getEpochSecond());
                entry.stored = Math.max(entry.stored, at.getEpochSecond());
            }
        });
    }

    /** Uses that nobody has stored yet, of so many keys at most. Once they are stored, {@link #noteUses} is to be told. */
    public synchronized Map<KeyId, Instant> unstoredUses(int max) {
        var uses = new HashMap<KeyId, Instant>();
        for (var entry : byId.entrySet()) {
            if (uses.size() == max) {
                break;
            }
            long used = entry.getValue().used;
            if (used > entry.getValue().stored) {
                uses.put(entry.getKey(), Instant.ofEpochSecond(used));
            }
        }
        return uses;
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
