package dev.quotary.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.CountDownLatch;

/**
 * The most that the HTTP stack can do: reads a body and answers a small JSON, deciding nothing. Listens as the server does, with one
 * event loop a core.
 */
public final class EmptyServer extends VerticleBase {
    private static final int ACCEPT_BACKLOG = 4096;
    private static final int IDLE_SECONDS = 900;
    private static final Buffer ANSWER = Buffer.buffer("{\"allowed\":true}");

    private final int port;

    private EmptyServer(int port) {
        this.port = port;
    }

    /** Argument: the port. */
    public static void main(String[] arguments) throws InterruptedException {
        int port = Integer.parseInt(arguments[0]);
        int loops = Runtime.getRuntime().availableProcessors();
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true));
        vertx.deployVerticle(() -> new EmptyServer(port), new DeploymentOptions().setInstances(loops))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        System.out.println("listening");
        new CountDownLatch(1).await();
    }

    @Override
    public Future<HttpServer> start() {
        var options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setTcpNoDelay(true)
                .setIdleTimeout(IDLE_SECONDS);
        return vertx.createHttpServer(options)
                .requestHandler(request -> request.body()
                        .onSuccess(_ -> request.response()
                                .putHeader("Content-Type", "application/json")
                                .end(ANSWER)))
                .listen();
    }
}
