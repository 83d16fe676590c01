package dev.quotary.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Tells content apart: the first 64 bits of its SHA-256, never 0, which stands for content that nobody will repeat. */
public final class Fingerprint {
    /** Of content that comes without an id of its sender's. */
    public static final long NONE = 0;

    private Fingerprint() {}

    public static long of(String content) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            long bits = ByteBuffer.wrap(sha.digest(content.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
            return bits == NONE ? 1 : bits;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
