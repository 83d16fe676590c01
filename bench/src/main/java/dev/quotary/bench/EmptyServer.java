package dev.quotary.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The most that the HTTP stack can do: reads a body and answers a small JSON, deciding nothing. Listens as the server does, with one
 * event loop a core that share a port, and prints that port.
 */
public final class EmptyServer extends VerticleBase {
    private static final int ACCEPT_BACKLOG = 4096;
    private static final int IDLE_SECONDS = 900;
    private static final Buffer ANSWER = Buffer.buffer("{\"allowed\":true}");

    private final AtomicInteger port;

    private EmptyServer(AtomicInteger port) {
        this.port = port;
    }

    public static void main(String[] arguments) throws InterruptedException {
        int loops = Runtime.getRuntime().availableProcessors();
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        var port = new AtomicInteger();
        for (int i = 0; i < loops; i++) {
            vertx.deployVerticle(new EmptyServer(port))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
        System.out.println("port " + port.get());
        new CountDownLatch(1).await();
    }

    @Override
    public Future<HttpServer> start() {
        var options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port.get())
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setTcpNoDelay(true)
                .setIdleTimeout(IDLE_SECONDS);
        return vertx.createHttpServer(options)
                .requestHandler(request -> request.body()
                        .onSuccess(_ -> request.response()
                                .putHeader("Content-Type", "application/json")
                                .end(ANSWER)))
                .listen()
                .onSuccess(server -> port.set(server.actualPort()));
    }
}
