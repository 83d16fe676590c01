package dev.quotary.api.webhook;

import dev.quotary.api.key.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How a sender signs its calls. All of them by HMAC-SHA256, compared in constant time. */
public enum Scheme {
    /** Standard Webhooks: {@code webhook-id}, {@code webhook-timestamp}, {@code webhook-signature: v1,…}; secrets are {@code whsec_…}. */
    STANDARD {
        @Override
        Signed signed(Function<String, Optional<String>> headers) {
            var id = header(headers, "webhook-id");
            var timestamp = header(headers, "webhook-timestamp");
            var signatures = new ArrayList<byte[]>();
            for (var each : words(header(headers, "webhook-signature"), ' ')) {
                if (each.startsWith("v1,")) {
                    base64(each.substring(3)).ifPresent(signatures::add);
                }
            }
            return new Signed(id + "." + timestamp + ".", signatures, Optional.of(moment(timestamp)), Optional.of(id));
        }

        @Override
        byte[] key(Secret secret) {
            return base64(secret.text().substring(PREFIX.length())).orElseThrow();
        }

        @Override
        void check(Secret secret) {
            var text = secret.text();
            int bytes = text.startsWith(PREFIX)
                    ? base64(text.substring(PREFIX.length()))
                            .map(key -> key.length)
                            .orElse(0)
                    : 0;
            if (bytes < STANDARD_BYTES_MIN || bytes > STANDARD_BYTES_MAX) {
                throw new IllegalArgumentException("expected " + PREFIX + " and the base64 of " + STANDARD_BYTES_MIN
                        + ".." + STANDARD_BYTES_MAX + " bytes");
            }
        }
    },
    /** Stripe and those who do as it does: {@code Stripe-Signature: t=…,v1=…}. */
    STRIPE {
        @Override
        Signed signed(Function<String, Optional<String>> headers) {
            var timestamp = "";
            var signatures = new ArrayList<byte[]>();
            for (var each : words(header(headers, "Stripe-Signature"), ',')) {
                if (each.startsWith("t=")) {
                    timestamp = each.substring(2);
                } else if (each.startsWith("v1=")) {
                    hex(each.substring(3)).ifPresent(signatures::add);
                }
            }
            return new Signed(timestamp + ".", signatures, Optional.of(moment(timestamp)), Optional.empty());
        }
    },
    /** GitHub and those who do as it does: {@code X-Hub-Signature-256: sha256=…}. Nothing tells when it was sent. */
    GITHUB {
        @Override
        Signed signed(Function<String, Optional<String>> headers) {
            var signature = header(headers, "X-Hub-Signature-256");
            var digits = signature.startsWith("sha256=") ? hex(signature.substring(7)) : Optional.<byte[]>empty();
            return new Signed("", digits.stream().toList(), Optional.empty(), headers.apply("X-GitHub-Delivery"));
        }
    };

    private static final String PREFIX = "whsec_";
    private static final int STANDARD_BYTES_MIN = 24;
    private static final int STANDARD_BYTES_MAX = 64;
    private static final int SECRET_LENGTH_MIN = 16;
    private static final int SECRET_LENGTH_MAX = 256;
    /** Signatures that are looked at: a sender has two while it changes its secret. */
    private static final int SIGNATURES_MAX = 8;

    private static final int HEADER_LENGTH_MAX = 2048;

    /**
     * What a call's headers claim.
     *
     * @param before what is signed before the body
     * @param sentAt when it was sent; empty where the scheme does not say
     * @param id of the call; empty where the scheme has none
     */
    record Signed(String before, List<byte[]> signatures, Optional<Instant> sentAt, Optional<String> id) {}

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether calls tell when they were sent, so that old ones can be refused. */
    public boolean dated() {
        return this != GITHUB;
    }

    /** Whether calls have an id of their own. */
    public boolean named() {
        return this != STRIPE;
    }

    /** @throws NotSignedException if a header is missing or says nothing */
    abstract Signed signed(Function<String, Optional<String>> headers);

    byte[] key(Secret secret) {
        return secret.text().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if it is no secret of this scheme; without quoting it */
    void check(Secret secret) {
        int length = secret.text().length();
        if (length < SECRET_LENGTH_MIN || length > SECRET_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "expected a secret of " + SECRET_LENGTH_MIN + ".." + SECRET_LENGTH_MAX + " characters");
        }
    }

    /** Whether one of the signatures is that of the body under one of the secrets. */
    boolean verified(Signed signed, byte[] body, List<Secret> secrets) {
        boolean good = false;
        for (var secret : secrets) {
            byte[] right = hmac(key(secret), signed.before(), body);
            for (var signature : signed.signatures()) {
                // All are looked at, whichever is good, and each as a whole: nothing can be told from how long it took.
                good |= MessageDigest.isEqual(right, signature);
            }
        }
        return good;
    }

    private static byte[] hmac(byte[] key, String before, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(before.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }

    private static String header(Function<String, Optional<String>> headers, String name) {
        return headers.apply(name)
                .filter(text -> text.length() <= HEADER_LENGTH_MAX)
                .orElseThrow(() -> new NotSignedException("expected a header " + name));
    }

    private static List<String> words(String text, char separator) {
        return Arrays.stream(text.split(String.valueOf(separator), SIGNATURES_MAX + 1))
                .limit(SIGNATURES_MAX)
                .map(String::strip)
                .toList();
    }

    private static Instant moment(String seconds) {
        if (!seconds.matches("[0-9]{1,11}")) {
            throw new NotSignedException("expected the time of sending in seconds");
        }
        return Instant.ofEpochSecond(Long.parseLong(seconds));
    }

    private static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> hex(String text) {
        try {
            return Optional.of(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
