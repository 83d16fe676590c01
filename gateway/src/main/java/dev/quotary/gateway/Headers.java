package dev.quotary.gateway;

import dev.quotary.provider.ProviderApi.KeyHeader;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which headers pass, in both directions. */
final class Headers {
    /** Of one connection only (RFC 9110, 7.6.1), or made anew for the next one. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "content-length",
            "expect");

    /** Where clients show keys: ours, unless they show their own key of the provider there. */
    private static final Set<String> CREDENTIALS = Set.of("authorization", "x-api-key", "x-goog-api-key");

    /** Of a client's headers, what no provider gets: bodies go and come uncompressed, to be read. */
    private static final Set<String> KEPT_BACK = union(HOP, Set.of("cookie", "accept-encoding", "content-encoding"));

    private static final Set<String> KEPT_BACK_WITH_KEYS = union(KEPT_BACK, CREDENTIALS);

    private static final String OUR_PREFIX = "x-quotary-";

    private Headers() {}

    /**
     * The client's headers for the provider, with the provider's key in place of ours.
     *
     * @param clientKeys whether the client shows its own key of the provider, which then passes
     * @param key what shows the server's key; null for none
     */
    static void toProvider(MultiMap client, MultiMap upstream, boolean clientKeys, @Nullable KeyHeader key) {
        var keptBack = clientKeys ? KEPT_BACK : KEPT_BACK_WITH_KEYS;
        for (Map.Entry<String, String> header : client) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!keptBack.contains(name) && !name.startsWith(OUR_PREFIX)) {
                upstream.add(header.getKey(), header.getValue());
            }
        }
        upstream.set(HttpHeaders.ACCEPT_ENCODING, "identity");
        if (key != null) {
            upstream.set(key.name(), key.value());
        }
    }

    /** The provider's headers for the client. */
    static void toClient(MultiMap upstream, MultiMap client) {
        for (Map.Entry<String, String> header : upstream) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name) && !name.startsWith(OUR_PREFIX) && !name.equals("set-cookie")) {
                client.add(header.getKey(), header.getValue());
            }
        }
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }
}
