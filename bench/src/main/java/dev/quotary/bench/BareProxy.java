package dev.quotary.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What proxying costs on this HTTP stack before anything is decided, metered or recorded: passes a body and its answer on as they are. It
 * listens and calls as the server does, with a server and a client on each event loop. With a directory, an answer waits until a record of it
 * is durable there: the least that a proxy costs which loses no call.
 */
public final class BareProxy extends VerticleBase {
    private static final int ACCEPT_BACKLOG = 4096;
    private static final int IDLE_SECONDS = 900;
    private static final int CONNECTIONS_MAX = 4096;

    private final int port;
    private final int upstream;
    private final @Nullable BareLedger ledger;

    private BareProxy(int port, int upstream, @Nullable BareLedger ledger) {
        this.port = port;
        this.upstream = upstream;
        this.ledger = ledger;
    }

    /** Arguments: the port to listen on, the one to pass calls on to, and the directory for records of calls, if they are to be kept. */
    public static void main(String[] arguments) throws InterruptedException, IOException, SQLException {
        int port = Integer.parseInt(arguments[0]);
        int upstream = Integer.parseInt(arguments[1]);
        var ledger = arguments.length > 2 ? new BareLedger(Path.of(arguments[2])) : null;
        int loops = Runtime.getRuntime().availableProcessors();
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true));
        vertx.deployVerticle(() -> new BareProxy(port, upstream, ledger), new DeploymentOptions().setInstances(loops))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        System.out.println("listening");
        new CountDownLatch(1).await();
    }

    @Override
    public Future<HttpServer> start() {
        var client = vertx.createHttpClient(
                new HttpClientOptions().setTcpNoDelay(true).setKeepAliveTimeout(60),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
        var options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setTcpNoDelay(true)
                .setIdleTimeout(IDLE_SECONDS);
        return vertx.createHttpServer(options)
                .requestHandler(request -> request.body().onSuccess(body -> pass(client, request, body)))
                .listen();
    }

    private void pass(HttpClientAgent client, HttpServerRequest request, Buffer body) {
        var to = new RequestOptions()
                .setMethod(request.method())
                .setHost("127.0.0.1")
                .setPort(upstream)
                .setURI(request.uri());
        client.request(to)
                .compose(call -> {
                    call.putHeader("Content-Type", "application/json");
                    return call.send(body);
                })
                .compose(answer -> answer.body()
                        .compose(this::recorded)
                        .onSuccess(bytes -> request.response()
                                .setStatusCode(answer.statusCode())
                                .putHeader("Content-Type", "application/json")
                                .end(bytes)))
                .onFailure(_ -> request.response().setStatusCode(502).end());
    }

    private Future<Buffer> recorded(Buffer bytes) {
        return ledger == null
                ? Future.succeededFuture(bytes)
                : Future.fromCompletionStage(ledger.append(), vertx.getOrCreateContext())
                        .map(bytes);
    }
}
