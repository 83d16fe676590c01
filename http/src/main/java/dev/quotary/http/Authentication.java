package dev.quotary.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who is calling. A key comes as {@code Authorization: Bearer}, {@code x-api-key} or {@code x-goog-api-key}, as the official
 * clients of the providers send it. In the URL it is taken only where a provider's own clients put it there: URLs end up in logs.
 */
public final class Authentication {
    private static final String BEARER = "Bearer ";

    private final KeyRing keys;
    private final InstantSource clock;

    public Authentication(KeyRing keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** @throws ProblemException with status 401 if the request shows no key, or none that is valid now */
    public Principal of(HttpServerRequest request) {
        return known(secret(request));
    }

    /**
     * As {@link #of}, for a call to a provider: there the key may also be the query's {@code key}, where clients of Gemini put it.
     */
    public Principal ofProviderCall(HttpServerRequest request) {
        var secret = secret(request);
        return known(secret == null ? request.getParam("key") : secret);
    }

    private Principal known(@Nullable String secret) {
        if (secret == null) {
            throw new ProblemException(
                    ErrorCode.UNAUTHENTICATED, "Show an API key: 'Authorization: Bearer qk_live_…'.");
        }
        return keys.find(secret, clock.instant())
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.UNAUTHENTICATED, "This API key is not known here, or has expired."));
    }

    private static @Nullable String secret(HttpServerRequest request) {
        var bearer = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (bearer != null) {
            boolean form = bearer.regionMatches(true, 0, BEARER, 0, BEARER.length());
            return form ? bearer.substring(BEARER.length()).strip() : null;
        }
        var anthropic = request.getHeader("x-api-key");
        return anthropic != null ? anthropic : request.getHeader("x-goog-api-key");
    }
}
