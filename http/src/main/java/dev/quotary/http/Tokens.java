package dev.quotary.http;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks short-lived tokens, which nothing is stored of: {@code qt_}, the id of a signing key, what the token says, and an
 * HMAC-SHA256 over all of it. What it says can be read by whoever has it, and is nothing but names and times. Safe for many threads.
 *
 * <p>Every signing key that is known is good for checking, the newest makes tokens: several servers that start at once on one store may make
 * a key each.
 */
public final class Tokens {
    /** How every token begins. */
    static final String PREFIX = "qt_";

    private static final int TOKEN_LENGTH_MAX = 4096;
    private static final int KEY_BYTES_MIN = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final Map<String, SigningKey> keys = new ConcurrentHashMap<>();
    private volatile @Nullable SigningKey newest;

    private record SigningKey(String id, SecretKeySpec key, Instant createdAt) {
        private static final Comparator<SigningKey> AGE =
                Comparator.comparing(SigningKey::createdAt).thenComparing(SigningKey::id);

        byte[] mac(String text) {
            try {
                var mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
                return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
            }
        }
    }

    /** Adds a signing key; one of an id that is known changes nothing. */
    public synchronized void put(String id, byte[] key, Instant createdAt) {
        if (key.length < KEY_BYTES_MIN) {
            throw new IllegalArgumentException("expected a signing key of at least " + KEY_BYTES_MIN + " bytes");
        }
        keys.putIfAbsent(id, new SigningKey(id, new SecretKeySpec(key, ALGORITHM), createdAt));
        newest = keys.values().stream().max(SigningKey.AGE).orElseThrow();
    }

    /** Whether tokens can be made. */
    public boolean ready() {
        return newest != null;
    }

    /** @throws IllegalStateException if there is no signing key yet */
    public String issue(TokenClaims claims) {
        var key = newest;
        if (key == null) {
            throw new IllegalStateException("there is no key to sign tokens with");
        }
        var said = PREFIX + key.id() + "." + ENCODER.encodeToString(body(claims));
        return said + "." + ENCODER.encodeToString(key.mac(said));
    }

    /**
     * A digest of a text that only this installation can make, by its oldest signing key: for names that are derived from something which must
     * not be guessed back. Always the same as long as that key is known.
     */
    public byte[] digest(String text) {
        return keys.values().stream()
                .min(SigningKey.AGE)
                .orElseThrow(() -> new IllegalStateException("there is no key to digest with"))
                .mac("digest:" + text);
    }

    private static byte[] body(TokenClaims claims) {
        return Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("kind", claims.kind().key());
            json.writeStringField("organization", claims.organization().value());
            json.writeStringField("subject", claims.subject().value());
            json.writeStringField("issuer", claims.issuer().value());
            json.writeStringField("issued_at", Times.text(claims.issuedAt()));
            json.writeStringField("expires_at", Times.text(claims.expiresAt()));
            json.writeEndObject();
        });
    }

    static boolean hasForm(String secret) {
        return secret.startsWith(PREFIX);
    }

    TokenReading read(String token, Instant now) {
        var parts = token.length() > TOKEN_LENGTH_MAX ? new String[0] : token.split("\\.", -1);
        if (parts.length != 3 || !hasForm(token)) {
            return new TokenReading.Forged();
        }
        var key = keys.get(parts[0].substring(PREFIX.length()));
        if (key == null || !signed(key, parts)) {
            return new TokenReading.Forged();
        }
        // Made here, so that it has its form.
        var claims = claims(DECODER.decode(parts[1]));
        return now.isBefore(claims.expiresAt()) ? new TokenReading.Valid(claims) : new TokenReading.Expired();
    }

    /** In constant time, so that a signature cannot be found piece by piece. */
    private static boolean signed(SigningKey key, String[] parts) {
        try {
            return MessageDigest.isEqual(key.mac(parts[0] + "." + parts[1]), DECODER.decode(parts[2]));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static TokenClaims claims(byte[] body) {
        var fields = Documents.json(body).fields();
        var claims = new TokenClaims(
                fields.need("kind").oneOf(TokenClaims.Kind.values(), TokenClaims.Kind::key),
                fields.need("organization").as(OrganizationKey::new),
                fields.need("subject").as(SubjectKey::new),
                fields.need("issuer").as(KeyId::new),
                fields.need("issued_at").instant(),
                fields.need("expires_at").instant());
        fields.done();
        return claims;
    }
}
