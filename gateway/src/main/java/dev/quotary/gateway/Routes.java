package dev.quotary.gateway;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the provider of a path: {@code /{provider}/v1/…}, or {@code /v1/…} for the provider named {@code openai}.
 *
 * <p>What is not known to be meterable is not forwarded: a path either has a wire format, or is on the short list of those that cost
 * nothing, or is refused.
 */
final class Routes {
    private static final String DEFAULT_PROVIDER = "openai";
    private static final String CHAT = "/v1/chat/completions";
    private static final String MODELS = "/v1/models";

    private final Map<String, Provider> providers = new LinkedHashMap<>();

    Routes(Collection<Provider> all) {
        all.forEach(provider -> providers.put(provider.name(), provider));
    }

    /** What a path of the gateway means. */
    sealed interface Route {
        Provider provider();

        /** A call that is metered. */
        record Chat(Provider provider, String path) implements Route {}

        /** A question about models, which costs nothing. */
        record Free(Provider provider, String path) implements Route {}

        /** A path of a provider that cannot be metered. */
        record Unmeterable(Provider provider, String path) implements Route {}
    }

    /** Null if the path belongs to no provider. */
    @Nullable Route find(@Nullable String path) {
        if (path == null) {
            return null;
        }
        if (path.startsWith("/v1/")) {
            return route(providers.get(DEFAULT_PROVIDER), path);
        }
        int end = path.indexOf('/', 1);
        return end < 0 ? null : route(providers.get(path.substring(1, end)), path.substring(end));
    }

    private static @Nullable Route route(@Nullable Provider provider, String path) {
        if (provider == null) {
            return null;
        }
        if (path.equals(CHAT)) {
            return new Route.Chat(provider, path);
        }
        boolean models = path.equals(MODELS) || (path.startsWith(MODELS + "/") && !leaves(path));
        return models ? new Route.Free(provider, path) : new Route.Unmeterable(provider, path);
    }

    /** Whether a provider may take it for a path outside the one it seems to be in: dots may be written as they are, or encoded. */
    private static boolean leaves(String path) {
        return path.contains("..") || path.toLowerCase(Locale.ROOT).contains("%2e") || path.contains("\\");
    }
}
