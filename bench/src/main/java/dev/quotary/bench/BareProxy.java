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
import java.util.concurrent.CountDownLatch;

/**
 * What proxying costs on this HTTP stack before anything is decided, metered or recorded: passes a body and its answer on as they are. It
 * listens and calls as the server does, with a server and a client on each event loop.
 */
public final class BareProxy extends VerticleBase {
    private static final int ACCEPT_BACKLOG = 4096;
    private static final int IDLE_SECONDS = 900;
    private static final int CONNECTIONS_MAX = 4096;

    private final int port;
    private final int upstream;

    private BareProxy(int port, int upstream) {
        this.port = port;
        this.upstream = upstream;
    }

    /** Arguments: the port to listen on, and the one to pass calls on to. */
    public static void main(String[] arguments) throws InterruptedException {
        int port = Integer.parseInt(arguments[0]);
        int upstream = Integer.parseInt(arguments[1]);
        int loops = Runtime.getRuntime().availableProcessors();
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true));
        vertx.deployVerticle(() -> new BareProxy(port, upstream), new DeploymentOptions().setInstances(loops))
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
                        .onSuccess(bytes -> request.response()
                                .setStatusCode(answer.statusCode())
                                .putHeader("Content-Type", "application/json")
                                .end(bytes)))
                .onFailure(_ -> request.response().setStatusCode(502).end());
    }
}
