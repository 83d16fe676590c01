package dev.quotary.gateway;

import dev.quotary.http.ErrorCode;
import dev.quotary.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Opens requests to providers, and words their failures. */
final class Upstream {
    private static final long CONNECT_MILLIS = 10_000;

    private Upstream() {}

    /** A request to the provider with the client's headers, ready to be sent. */
    static Future<HttpClientRequest> open(
            HttpClientAgent client, HttpServerRequest from, Provider provider, String path) {
        var query = from.query();
        var options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(from.method().name()))
                .setHost(provider.host())
                .setPort(provider.port())
                .setSsl(provider.tls())
                .setConnectTimeout(CONNECT_MILLIS)
                .setIdleTimeout(provider.timeout().toMillis())
                .setURI(provider.target(query == null ? path : path + "?" + query));
        return client.request(options).map(request -> {
            Headers.toProvider(from.headers(), request.headers(), provider);
            return request;
        });
    }

    /** What the client is told when the provider did not answer. */
    static Problem problem(Provider provider, Throwable failure) {
        return timeout(failure)
                ? Problem.of(
                        ErrorCode.PROVIDER_TIMEOUT,
                        "Provider " + provider.name() + " did not answer within "
                                + provider.timeout().toSeconds() + " s.")
                : Problem.of(ErrorCode.PROVIDER_UNREACHABLE, "Provider " + provider.name() + " could not be reached.");
    }

    static String errorType(Throwable failure) {
        return timeout(failure) ? "provider_timeout" : "provider_unreachable";
    }

    private static boolean timeout(Throwable failure) {
        return failure instanceof TimeoutException
                || String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("timeout");
    }
}
