package dev.quotary.gateway.upstream;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One address of a provider, and how it does. Safe for many threads. */
public final class Endpoint implements Candidate {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final URI baseUrl;
    private final boolean tls;
    private final int port;
    private final String path;
    private final Optional<Breaker> breaker;
    private final AtomicInteger running = new AtomicInteger();

    /**
     * @param baseUrl scheme, host, port and an optional path that calls are put behind
     * @param breaker empty where it is asked whatever happened before
     */
    public Endpoint(URI baseUrl, Optional<Breaker> breaker) {
        boolean http = "http".equals(baseUrl.getScheme()) || "https".equals(baseUrl.getScheme());
        if (!http || baseUrl.getHost() == null || baseUrl.getQuery() != null || baseUrl.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "expected a base_url such as https://api.openai.com, was '" + baseUrl + "'");
        }
        this.baseUrl = baseUrl;
        this.tls = "https".equals(baseUrl.getScheme());
        this.port = baseUrl.getPort() > 0 ? baseUrl.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        var base = baseUrl.getRawPath();
        this.path = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.breaker = breaker;
    }

    public boolean tls() {
        return tls;
    }

    public String host() {
        return baseUrl.getHost();
    }

    public int port() {
        return port;
    }

    /** Where a path of the provider's own API is, with its query if it has one. */
    public String target(String apiPath) {
        return path.isEmpty() ? apiPath : path + apiPath;
    }

    Optional<Breaker> breaker() {
        return breaker;
    }

    @Override
    public boolean ready(Instant now) {
        return breaker.isEmpty() || breaker.get().lets(now);
    }

    @Override
    public int running() {
        return running.get();
    }

    void begins() {
        running.incrementAndGet();
    }

    void ends() {
        running.decrementAndGet();
    }
}
