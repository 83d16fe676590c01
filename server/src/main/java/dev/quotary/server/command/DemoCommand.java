package dev.quotary.server.command;

import dev.quotary.http.CrossOrigin;
import dev.quotary.server.config.Config;
import dev.quotary.server.config.ProviderConfig;
import dev.quotary.server.runtime.QuotaryServer;
import dev.quotary.simulator.SimulatedProvider;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a server that works at once: simulated provider, sample plans, ninety days of use, a little traffic. Keeps nothing. */
@Command(
        name = "demo",
        description =
                "Starts a server with a simulated provider, sample plans, ninety days of use and a little traffic; keeps nothing.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    /** Known to everybody, which does no harm here: the demo listens on this machine alone and keeps nothing. */
    private static final String PASSWORD = "quotary-demo";

    @Option(names = "--port", description = "Port to listen on (default: ${DEFAULT-VALUE}); 0 for any free one.")
    private int port = 8080;

    @Override
    public Integer call() throws InterruptedException, IOException {
        var vertx = Vertx.vertx();
        var simulated = SimulatedProvider.start(
                        vertx, new SimulatedProvider.Options("127.0.0.1", 0, Clock.systemUTC(), Optional.empty()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        var directory = Files.createTempDirectory("quotary-demo");
        var plans = directory.resolve("plans.yaml");
        Files.write(plans, DemoPlans.bytes());
        var server = QuotaryServer.start(
                config(directory, plans, simulated.port()),
                Clock.systemUTC(),
                Map.of("QUOTARY_CONSOLE_PASSWORD", PASSWORD));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, vertx, directory), "stop"));
        var ada = server.createKey(DemoPlans.ORGANIZATION, Optional.of("ada"));
        var app = server.createKey(DemoPlans.ORGANIZATION, Optional.empty());
        DemoHistory.tell(
                server.url(),
                server.newAdminKey().orElseThrow(),
                Clock.systemUTC().instant());
        DemoTraffic.start(server.url(), app);
        System.out.print(banner(server, ada, app));
        server.awaitClose();
        return 0;
    }

    private Config config(Path directory, Path plans, int providerPort) {
        var address = URI.create("http://127.0.0.1:" + providerPort);
        var providers = new LinkedHashMap<String, ProviderConfig>();
        for (var kind : ProviderConfig.Kind.values()) {
            var name = kind.name().toLowerCase(Locale.ROOT);
            providers.put(name, ProviderConfig.of(kind, address, ProviderConfig.Keys.NONE));
        }
        return new Config(
                new Config.Listen("127.0.0.1", port, "http://127.0.0.1:" + port, new CrossOrigin(Set.of("*"))),
                new Config.Sqlite(directory.resolve("quotary.db")),
                providers,
                List.of(plans));
    }

    private static String banner(QuotaryServer server, String ada, String app) {
        return """

                Quotary demo on %1$s, with a simulated provider: no call costs money.

                The console: %1$s/console, with the password %5$s

                A call as user ada, whose free plan allows 10 requests a minute:

                  curl %1$s/openai/v1/chat/completions -H 'Authorization: Bearer %2$s' -H 'Content-Type: application/json' -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello"}]}'

                What she used:

                  curl %1$s/api/v1/usage/status -H 'Authorization: Bearer %2$s'

                Any client works, with the key above: OpenAI's at %1$s/openai/v1, Anthropic's at %1$s/anthropic,
                Gemini's at %1$s/gemini, xAI's at %1$s/xai/v1.
                A key for the whole organization, which may name subjects: %3$s
                An admin key: %4$s

                """.formatted(server.url(), ada, app, server.newAdminKey().orElse("as configured"), PASSWORD);
    }

    private static void stop(QuotaryServer server, Vertx vertx, Path directory) {
        server.close();
        vertx.close();
        try {
            WarmUpCommand.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's data in " + directory + " could not be removed", e);
        }
    }
}
