package dev.quotary.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What is kept of a password: Argon2id of it, with the salt. The cost is what OWASP recommends where memory is scarce: 19 MiB, two passes.
 *
 * @param salt in Base64
 * @param hash in Base64
 */
record Password(String salt, String hash) {
    /** Shorter ones are guessed; longer ones only cost time. */
    static final int LENGTH_MIN = 12;

    static final int LENGTH_MAX = 256;

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /** @throws IllegalArgumentException if it is too short or too long */
    static Password of(String text, RandomGenerator random) {
        if (text.length() < LENGTH_MIN || text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "expected a password of " + LENGTH_MIN + " to " + LENGTH_MAX + " characters");
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var encoder = Base64.getEncoder();
        return new Password(encoder.encodeToString(salt), encoder.encodeToString(hash(text, salt)));
    }

    /** Takes some tens of milliseconds and 19 MiB. */
    boolean is(String text) {
        if (text.length() > LENGTH_MAX) {
            return false;
        }
        var decoder = Base64.getDecoder();
        return MessageDigest.isEqual(hash(text, decoder.decode(salt)), decoder.decode(hash));
    }

    private static byte[] hash(String text, byte[] salt) {
        var argon = new Argon2BytesGenerator();
        argon.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(MEMORY_KIB)
                .withIterations(PASSES)
                .withParallelism(LANES)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_BYTES];
        argon.generateBytes(text.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }

    /** Never the hash: it must not reach a log. */
    @Override
    public String toString() {
        return "***";
    }
}
