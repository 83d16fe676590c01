package dev.quotary.api.provider;

import dev.quotary.api.key.Secret;
import dev.quotary.http.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals texts with AES-256-GCM, under a key that the operator keeps apart from the store.
 *
 * <p>A sealed text is a fresh nonce and what the cipher gave, in base64. It is bound to what it is of: it cannot be opened as anything else.
 * Immutable.
 */
public final class MasterKey {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_LENGTH = 12;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecretKeySpec key;
    private final String id;

    private MasterKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
        // Of a digest over a text that nothing else begins with: it tells keys apart and gives nothing of them away.
        var named = "quotary master key:" + HexFormat.of().formatHex(bytes);
        this.id = HexFormat.of().formatHex(digest(named)).substring(0, ID_LENGTH);
    }

    /**
     * Reads a key of 32 bytes, in base64 or in 64 hexadecimal digits.
     *
     * @throws IllegalArgumentException if it is none; without quoting it
     */
    public static MasterKey of(Secret secret) {
        var text = secret.text().strip();
        try {
            byte[] bytes = text.matches("[0-9a-fA-F]{64}")
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text);
            if (bytes.length == KEY_BYTES) {
                return new MasterKey(bytes);
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "expected a master key of 32 bytes in base64 or hexadecimal, such as 'openssl rand -base64 32' makes");
    }

    /** Tells master keys apart; gives nothing of them away. */
    public String id() {
        return id;
    }

    public String seal(Secret secret, String of, RandomGenerator random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, nonce, of).doFinal(secret.text().getBytes(StandardCharsets.UTF_8));
            var whole =
                    ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed);
            return Base64.getEncoder().encodeToString(whole.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing a text with AES-256-GCM", e);
        }
    }

    /** @throws InvalidInputException if it was sealed under another key or as something else, or is damaged */
    public Secret open(String sealed, String of) {
        try {
            byte[] whole = Base64.getDecoder().decode(sealed);
            byte[] nonce = Arrays.copyOf(whole, NONCE_BYTES);
            byte[] text =
                    cipher(Cipher.DECRYPT_MODE, nonce, of).doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
            return new Secret(new String(text, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new InvalidInputException(
                    "", 0, "what is stored as " + of + " cannot be opened: it is damaged, or was moved from elsewhere");
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String of) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(of.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "MasterKey[id=" + id + "]";
    }
}
