package dev.quotary.server.runtime;

import dev.quotary.console.ConsolePages;
import dev.quotary.gateway.Gateway;
import dev.quotary.gateway.upstream.Providers;
import dev.quotary.http.Authentication;
import dev.quotary.http.CrossOrigin;
import dev.quotary.server.metrics.Metrics;
import dev.quotary.server.metrics.MetricsPage;
import dev.quotary.usage.Engine;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of the server: an HTTP server and an HTTP client on the same loop, so that a proxied call never changes its
 * thread. Instances share the port.
 */
final class Listening extends VerticleBase {
    private static final int ACCEPT_BACKLOG = 4096;
    /** Longer than clients keep idle connections, and than a provider may think before its first byte. */
    private static final int IDLE_SECONDS = 900;

    /** Names the free port that all instances of a deployment share, where none is configured. */
    private static final int SHARED_PORT_ID = 1;

    private static final int UPSTREAM_CONNECTIONS_MAX = 4096;
    private static final int UPSTREAM_WAITING_MAX = 16_384;
    private static final int HEADER_BYTES_MAX = 32 * 1024;

    private final String host;
    private final int port;
    private final Faces faces;
    private @Nullable HttpServer server;

    /** What every loop serves. */
    record Faces(Providers providers, Authentication authentication, Engine engine, Pages pages, Watch watch) {
        Metrics metrics() {
            return watch.metrics();
        }

        MetricsPage page() {
            return watch.page();
        }
    }

    /** What is not passed on to a provider: the API, the pages that use it, and whose pages may as well. */
    record Pages(Handler<HttpServerRequest> api, Handler<HttpServerRequest> console, CrossOrigin embedding) {}

    /** What counts the answers, and the page that shows it. */
    record Watch(Metrics metrics, MetricsPage page) {}

    Listening(String host, int port, Faces faces) {
        this.host = host;
        this.port = port;
        this.faces = faces;
    }

    @Override
    public Future<?> start() {
        var client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAliveTimeout(60)
                        .setTcpNoDelay(true)
                        .setDecompressionSupported(false),
                new PoolOptions().setHttp1MaxSize(UPSTREAM_CONNECTIONS_MAX).setMaxWaitQueueSize(UPSTREAM_WAITING_MAX));
        var gateway = new Gateway(faces.providers(), faces.authentication(), faces.engine(), vertx, client);
        var api = faces.pages().api();
        var console = faces.pages().console();
        var embedding = faces.pages().embedding();
        var options = new HttpServerOptions()
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setTcpNoDelay(true)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                // curl waits a second for this before it sends a body of more than a megabyte, other clients for ever.
                .setHandle100ContinueAutomatically(true)
                // Nobody is served over WebSockets: their handlers need not look at every message.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        return vertx.createHttpServer(options)
                .requestHandler(request -> {
                    if (gateway.serves(request.path())) {
                        faces.metrics().watch(Metrics.Face.GATEWAY, request.response());
                        gateway.handle(request);
                    } else if (MetricsPage.PATH.equals(request.path())) {
                        faces.page().handle(request);
                    } else if (ConsolePages.serves(request.path())) {
                        console.handle(request);
                    } else if (!embedding.answered(request)) {
                        faces.metrics().watch(Metrics.Face.API, request.response());
                        api.handle(request);
                    }
                })
                .listen(
                        port == 0
                                ? SocketAddress.sharedRandomPort(SHARED_PORT_ID, host)
                                : SocketAddress.inetSocketAddress(port, host))
                .onSuccess(listening -> server = listening);
    }

    /** Takes no new connections; done when the open calls have ended or the time is over. */
    Future<Void> drain(long timeout, TimeUnit unit) {
        var listening = server;
        return listening == null ? Future.succeededFuture() : listening.shutdown(timeout, unit);
    }

    /** The port it got; 0 before the start. */
    int actualPort() {
        var listening = server;
        return listening == null ? 0 : listening.actualPort();
    }
}
