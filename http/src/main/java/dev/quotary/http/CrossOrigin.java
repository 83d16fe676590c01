package dev.quotary.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Set;

/**
 * Lets pages of other sites show what an end user has used, where the operator allows these sites: they may read three answers, by a token that
 * they show themselves. Cookies are never taken from them, and nothing else of the API answers them.
 *
 * @param origins such as {@code https://app.example.com}; {@code *} for all; none by default
 */
public record CrossOrigin(Set<String> origins) {
    public static final CrossOrigin NONE = new CrossOrigin(Set.of());

    private static final String ALL = "*";
    private static final Set<String> PATHS =
            Set.of("/api/v1/usage/status", "/api/v1/usage/query", "/api/v1/usage/stream");
    private static final String REMEMBERED_SECONDS = "600";
    private static final int NO_CONTENT = 204;

    /** @throws IllegalArgumentException if something is no origin */
    public CrossOrigin {
        origins = Set.copyOf(origins);
        origins.forEach(CrossOrigin::check);
    }

    private static void check(String origin) {
        if (origin.equals(ALL)) {
            return;
        }
        try {
            var uri = URI.create(origin);
            if (origin.matches("https?://[^/?#@]+") && uri.getHost() != null) {
                return;
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw new IllegalArgumentException("expected an origin such as https://app.example.com, was '" + origin + "'");
    }

    /**
     * Says in the answer who else may read it.
     *
     * @return whether that was all that was asked, and the answer is sent
     */
    public boolean answered(HttpServerRequest request) {
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null || origins.isEmpty() || !PATHS.contains(String.valueOf(request.path()))) {
            return false;
        }
        var response = request.response();
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (!origins.contains(ALL) && !origins.contains(origin)) {
            return false;
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origins.contains(ALL) ? ALL : origin);
        if (!request.method().equals(HttpMethod.OPTIONS)) {
            return false;
        }
        response.setStatusCode(NO_CONTENT)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET")
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, "authorization, accept, last-event-id")
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, REMEMBERED_SECONDS)
                .end();
        return true;
    }
}
