package dev.quotary.server.command;

import dev.quotary.simulator.SimulatedProvider;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the simulated provider alone. */
@Command(
        name = "simulated-provider",
        description =
                "Starts a provider that speaks OpenAI's chat format and answers as it is told; for demos and tests.",
        mixinStandardHelpOptions = true)
public final class SimulatedProviderCommand implements Callable<Integer> {
    @Option(names = "--host", description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(names = "--port", description = "Port to listen on (default: ${DEFAULT-VALUE}).")
    private int port = 9090;

    @Override
    public Integer call() throws InterruptedException {
        var vertx = Vertx.vertx();
        var options = new SimulatedProvider.Options(host, port, Clock.systemUTC(), Optional.empty());
        var provider = SimulatedProvider.start(vertx, options)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        System.out.println("simulated provider on http://" + host + ":" + provider.port() + "/v1");
        new CountDownLatch(1).await();
        return 0;
    }
}
