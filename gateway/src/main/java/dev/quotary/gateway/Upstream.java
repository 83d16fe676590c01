package dev.quotary.gateway;

import dev.quotary.gateway.upstream.Lane;
import dev.quotary.gateway.upstream.Provider;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens requests to providers, and words their failures. */
final class Upstream {
    /** A whole answer is kept in memory until it is recorded. */
    static final long ANSWER_BYTES_MAX = 64L << 20;

    /** The type of error on events of calls that ended by a bug of ours. */
    static final String BROKEN = "internal";

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    private Upstream() {}

    /** Tells operators of a call that ended by a bug of ours. */
    static void logBroken(MeteredCall call, Throwable failure) {
        LOG.atError()
                .setCause(failure)
                .addKeyValue("event", call.hold().id().event())
                .log("a call was ended, as a step of it failed in a way that nobody expected");
    }

    /**
     * A request to the provider with the client's headers, ready to be sent. Where it fails, nothing was sent.
     */
    static Future<HttpClientRequest> open(MeteredCall call, Lane lane) {
        return open(
                call.services().client(),
                call.request(),
                call.provider(),
                lane,
                call.parsed().target());
    }

    /** @param target path and query as the provider knows them */
    static Future<HttpClientRequest> open(
            HttpClientAgent client, HttpServerRequest from, Provider provider, Lane lane, String target) {
        var endpoint = lane.endpoint();
        var timeouts = provider.timeouts();
        var options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(from.method().name()))
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setSsl(endpoint.tls())
                .setConnectTimeout(timeouts.connect().toMillis())
                .setIdleTimeout(timeouts.firstByte().toMillis())
                .setURI(endpoint.target(target));
        return client.request(options).map(request -> {
            boolean clientKeys = provider.policy().clientKeys();
            Headers.toProvider(from.headers(), request.headers(), clientKeys, lane.keyHeader());
            if (!timeouts.firstByte().equals(timeouts.silence())) {
                request.response()
                        .onSuccess(_ -> request.idleTimeout(timeouts.silence().toMillis()));
            }
            return request;
        });
    }

    /**
     * The whole body of an answer. It fails where the provider breaks it off, falls silent within it, or does not come to an end; the
     * connection is given up then.
     */
    static Future<Buffer> body(HttpClientResponse answer, Provider provider, Vertx vertx) {
        Promise<Buffer> promise = Promise.promise();
        var watch = SilenceWatch.start(vertx, provider.timeouts().silence(), () -> false, () -> {
            promise.tryFail(new TimeoutException("the provider fell silent within its answer"));
            answer.request().reset();
        });
        var received = new AtomicLong();
        answer.handler(piece -> {
            watch.heard();
            if (received.addAndGet(piece.length()) > ANSWER_BYTES_MAX) {
                promise.tryFail(new IOException("the answer is larger than " + ANSWER_BYTES_MAX + " bytes"));
                answer.request().reset();
            }
        });
        answer.body().onComplete(read -> {
            watch.end();
            if (read.succeeded()) {
                promise.tryComplete(read.result());
            } else {
                promise.tryFail(read.cause());
            }
        });
        return promise.future();
    }

    /** What the client is told when the provider did not answer. */
    static Problem problem(Provider provider, Throwable failure) {
        if (failure instanceof ProviderLeftAloneException) {
            return Problem.of(
                    ErrorCode.PROVIDER_UNAVAILABLE,
                    "Provider " + provider.name() + " failed several times in a row and is left alone for a while.");
        }
        if (failure instanceof ProviderBusyException) {
            return Problem.of(
                    ErrorCode.PROVIDER_UNAVAILABLE,
                    "Provider " + provider.name() + " has no room for one more call now; it was not asked.");
        }
        return timeout(failure)
                ? Problem.of(ErrorCode.PROVIDER_TIMEOUT, "Provider " + provider.name() + " did not answer in time.")
                : Problem.of(ErrorCode.PROVIDER_UNREACHABLE, "Provider " + provider.name() + " could not be reached.");
    }

    static String errorType(Throwable failure) {
        return switch (failure) {
            case ProviderLeftAloneException _ -> "provider_left_alone";
            case ProviderBusyException _ -> "provider_busy";
            case ClientLeftException _ -> "client_left";
            default -> timeout(failure) ? "provider_timeout" : "provider_unreachable";
        };
    }

    private static boolean timeout(Throwable failure) {
        return failure instanceof TimeoutException
                || String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("timeout");
    }
}
