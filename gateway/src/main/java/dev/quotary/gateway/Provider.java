package dev.quotary.gateway;

import dev.quotary.provider.ProviderApi;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A model provider that calls are forwarded to.
 *
 * @param name in paths, configuration, prices and usage events, such as {@code openai}
 * @param baseUrl scheme, host, port and an optional path that calls are put behind
 * @param apiKey shown to the provider in place of the client's key; empty for servers that need none
 * @param api which of its paths are metered, and how
 * @param timeout for the answer to begin, and between two pieces of it
 */
public record Provider(String name, URI baseUrl, Optional<Secret> apiKey, ProviderApi api, Duration timeout) {
    public Provider {
        boolean http = "http".equals(baseUrl.getScheme()) || "https".equals(baseUrl.getScheme());
        if (!http || baseUrl.getHost() == null || baseUrl.getQuery() != null || baseUrl.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "expected a base_url such as https://api.openai.com, was '" + baseUrl + "'");
        }
    }

    boolean tls() {
        return "https".equals(baseUrl.getScheme());
    }

    String host() {
        return baseUrl.getHost();
    }

    int port() {
        int port = baseUrl.getPort();
        return port > 0 ? port : tls() ? 443 : 80;
    }

    /** Where a path of the provider's own API is, with its query if it has one. */
    String target(String path) {
        var base = baseUrl.getRawPath();
        return base == null || base.equals("/")
                ? path
                : (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }
}
