package dev.quotary.gateway;

import dev.quotary.gateway.upstream.Provider;
import dev.quotary.provider.Operation;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the provider of a path: {@code /{provider}/v1/…}, or without a prefix the first of {@link #UNPREFIXED} that knows the path, since
 * most paths belong to one provider's API only.
 *
 * <p>What is not known to be meterable is not forwarded: see {@link Operation}.
 */
final class Routes {
    /** The providers that serve paths without a prefix, by their names. */
    private static final List<String> UNPREFIXED = List.of("openai", "anthropic", "gemini", "xai");

    private final Map<String, Provider> providers = new LinkedHashMap<>();
    private final List<Provider> unprefixed;

    Routes(Collection<Provider> all) {
        all.forEach(provider -> providers.put(provider.name(), provider));
        unprefixed =
                UNPREFIXED.stream().map(providers::get).filter(Objects::nonNull).toList();
    }

    /**
     * What a request of the gateway means.
     *
     * @param path as the provider knows it
     */
    record Route(Provider provider, String path, Operation operation) {}

    /** Whether a path is one of a provider's. */
    boolean serves(@Nullable String path) {
        return path != null && (versioned(path) ? !unprefixed.isEmpty() : prefixed(path) != null);
    }

    /** Null if the path belongs to no provider. */
    @Nullable Route find(HttpServerRequest request) {
        var path = request.path();
        return path == null ? null : find(request.method().name(), path);
    }

    private @Nullable Route find(String method, String path) {
        if (versioned(path)) {
            return unprefixed(method, path);
        }
        var provider = prefixed(path);
        return provider == null ? null : route(provider, method, path.substring(path.indexOf('/', 1)));
    }

    /** A provider's API is told by its version: {@code /v1/}, {@code /v1beta/}. */
    private static boolean versioned(String path) {
        return path.startsWith("/v1/") || path.startsWith("/v1beta/") || path.startsWith("/v1alpha/");
    }

    private @Nullable Provider prefixed(String path) {
        int end = path.indexOf('/', 1);
        return end < 0 ? null : providers.get(path.substring(1, end));
    }

    private @Nullable Route unprefixed(String method, String path) {
        return routes(method, path)
                .filter(route -> !(route.operation() instanceof Operation.Unmeterable))
                .findFirst()
                .or(() -> routes(method, path).findFirst())
                .orElse(null);
    }

    private Stream<Route> routes(String method, String path) {
        return unprefixed.stream().map(provider -> route(provider, method, path));
    }

    private static Route route(Provider provider, String method, String path) {
        return new Route(provider, path, provider.api().operation(method, path));
    }
}
