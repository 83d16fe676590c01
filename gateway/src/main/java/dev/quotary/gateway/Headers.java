package dev.quotary.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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

    /** What belongs to us: the client's key, and what it tells Quotary alone. */
    private static final Set<String> OURS = Set.of("authorization", "x-api-key", "x-goog-api-key", "cookie");

    private static final String OUR_PREFIX = "x-quotary-";

    private Headers() {}

    /** The client's headers for the provider, with the provider's key in place of ours. Answers come uncompressed, to be read. */
    static void toProvider(MultiMap client, MultiMap upstream, Provider provider) {
        for (Map.Entry<String, String> header : client) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name)
                    && !OURS.contains(name)
                    && !name.startsWith(OUR_PREFIX)
                    && !name.equals("accept-encoding")) {
                upstream.add(header.getKey(), header.getValue());
            }
        }
        upstream.set(HttpHeaders.ACCEPT_ENCODING, "identity");
        provider.apiKey()
                .map(key -> provider.api().keyHeader(key.reveal()))
                .ifPresent(key -> upstream.set(key.name(), key.value()));
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
}
