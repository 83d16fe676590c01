package dev.quotary.simulator;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Lets in whoever sends the key, or everyone if there is none. */
final class KeyCheck {
    private static final String BEARER = "Bearer ";

    private final Optional<SimulatedProvider.Key> required;

    KeyCheck(Optional<SimulatedProvider.Key> required) {
        this.required = required;
    }

    Optional<ProviderError> refusal(HttpServerRequest request) {
        return required.flatMap(key -> refusal(key, Optional.ofNullable(request.getHeader("authorization"))));
    }

    /** As {@link #refusal}, for a caller of Anthropic, who shows the key in a header of its own or as all others do. */
    Optional<ProviderError> anthropicRefusal(HttpServerRequest request) {
        var own = Optional.ofNullable(request.getHeader("x-api-key")).map(key -> BEARER + key);
        return required.flatMap(
                key -> refusal(key, own.or(() -> Optional.ofNullable(request.getHeader("authorization")))));
    }

    /** As {@link #refusal}, for a caller of Gemini, who shows the key in a header of its own, as all others do, or in the query. */
    Optional<ProviderError> geminiRefusal(HttpServerRequest request) {
        var own = Optional.ofNullable(request.getHeader("x-goog-api-key"))
                .or(() -> Optional.ofNullable(request.getParam("key")))
                .map(key -> BEARER + key);
        return required.flatMap(
                key -> refusal(key, own.or(() -> Optional.ofNullable(request.getHeader("authorization")))));
    }

    private static Optional<ProviderError> refusal(SimulatedProvider.Key key, Optional<String> header) {
        var sent = header.filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()));
        if (sent.isEmpty()) {
            return Optional.of(ProviderError.missingKey());
        }
        return sent.filter(secret -> same(secret, key.secret())).isPresent()
                ? Optional.empty()
                : Optional.of(ProviderError.wrongKey());
    }

    /** Takes as long for a near miss as for a wild guess. */
    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
