package dev.quotary.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who is calling. A key or a token comes as {@code Authorization: Bearer}, {@code x-api-key} or {@code x-goog-api-key}, as the official
 * clients of the providers send it. In the URL it is taken only where a provider's own clients put it there: URLs end up in logs.
 */
public final class Authentication {
    private static final String BEARER = "Bearer ";
    private static final String BESIDE = "X-Quotary-Key";
    private static final String OURS = "qk_";

    private final KeyRing keys;
    private final InstantSource clock;
    private final Sessions sessions;

    /** @param sessions of those who signed in with a browser; they are good for everything but calls to providers */
    public Authentication(KeyRing keys, InstantSource clock, Sessions sessions) {
        this.keys = keys;
        this.clock = clock;
        this.sessions = sessions;
    }

    /**
     * @throws ProblemException with status 401 if the request shows no key, or none that is valid now; with status 403 if it shows a session
     *     alone where that is not enough
     */
    public Principal of(HttpServerRequest request) {
        var secret = secret(request);
        if (secret == null) {
            var signedIn = sessions.principal(request, clock.instant());
            if (signedIn.isPresent()) {
                return signedIn.get();
            }
        }
        return known(secret);
    }

    public Sessions sessions() {
        return sessions;
    }

    /** Whose API key this is; empty if it is none that opens anything. */
    public Optional<Principal> holder(String secret, Instant now) {
        return keys.find(secret, now);
    }

    /**
     * As {@link #of}, for a call to a provider: there the key may also be the query's {@code key}, where clients of Gemini put it.
     */
    public Principal ofProviderCall(HttpServerRequest request) {
        var secret = secret(request);
        return known(secret == null ? request.getParam("key") : secret);
    }

    /**
     * For a call that also shows the client's own key of its provider: ours is {@code X-Quotary-Key} then, and nothing else. What goes to the
     * provider must not be a key of ours.
     */
    public Principal besideProviderKey(HttpServerRequest request) {
        var ours = request.getHeader(BESIDE);
        if (ours == null) {
            throw new ProblemException(
                    ErrorCode.UNAUTHENTICATED,
                    "This provider gets your own key of it: show that key as the provider expects it, and beside it the API key of"
                            + " Quotary as '" + BESIDE + "'.");
        }
        var principal = known(ours);
        var now = clock.instant();
        var theirs = credentials(request);
        if (theirs.isEmpty()) {
            throw new ProblemException(
                    ErrorCode.UNAUTHENTICATED, "Show your own key of the provider beside '" + BESIDE + "'.");
        }
        if (theirs.stream()
                .anyMatch(secret -> secret.startsWith(OURS)
                        || Tokens.hasForm(secret)
                        || keys.find(secret, now).isPresent())) {
            throw new ProblemException(
                    ErrorCode.UNAUTHENTICATED,
                    "A key of Quotary was shown where the provider's key belongs; it was not passed on.");
        }
        return principal;
    }

    /** Every text that a provider might take for a key. */
    private static List<String> credentials(HttpServerRequest request) {
        var headers = request.headers();
        return Stream.of(
                        headers.getAll(HttpHeaders.AUTHORIZATION),
                        headers.getAll("x-api-key"),
                        headers.getAll("x-goog-api-key"),
                        request.params().getAll("key"))
                .flatMap(List::stream)
                .map(Authentication::withoutScheme)
                .toList();
    }

    private static String withoutScheme(String shown) {
        return shown.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? shown.substring(BEARER.length()).strip()
                : shown.strip();
    }

    private Principal known(@Nullable String secret) {
        if (secret == null) {
            throw new ProblemException(
                    ErrorCode.UNAUTHENTICATED, "Show an API key: 'Authorization: Bearer qk_live_…'.");
        }
        var now = clock.instant();
        if (Tokens.hasForm(secret)) {
            return keys.holder(secret, now);
        }
        return keys.find(secret, now)
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
