package dev.quotary.e2e;

import dev.quotary.simulator.SimulatedProvider;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/** The simulated provider, which lets in only those who show the provider key. */
final class Simulator implements AutoCloseable {
    private final Vertx vertx;
    private final SimulatedProvider provider;

    private Simulator(Vertx vertx, SimulatedProvider provider) {
        this.vertx = vertx;
        this.provider = provider;
    }

    static Simulator start() {
        var vertx = Vertx.vertx();
        var key = Optional.of(new SimulatedProvider.Key(TestServer.PROVIDER_KEY));
        var options = new SimulatedProvider.Options("127.0.0.1", 0, InstantSource.system(), key);
        var provider = SimulatedProvider.start(vertx, options)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new Simulator(vertx, provider);
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + provider.port());
    }

    /** How many chat calls have come. */
    long calls() {
        return provider.requests();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
