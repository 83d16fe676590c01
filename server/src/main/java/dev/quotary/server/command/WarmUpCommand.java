package dev.quotary.server.command;

import dev.quotary.server.config.Config;
import dev.quotary.server.config.ConfigReader;
import dev.quotary.server.runtime.QuotaryServer;
import dev.quotary.simulator.SimulatedProvider;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;

/**
 * Starts a server, uses it and stops: the training run of the JVM's start cache, which keeps classes and the profiles of busy methods.
 *
 * <p>It uses what a busy server does, the gateway above all: a method that was busy here is compiled at once there.
 */
@Command(name = "warm-up", hidden = true)
public final class WarmUpCommand implements Callable<Integer> {
    private static final int CALLERS = 8;
    private static final int ROUNDS = 150;
    private static final String RESERVATION =
            "{\"subject\": \"ada\", \"quantities\": {\"tokens.input\": 1, \"tokens.output\": 1}}";
    private static final String CHAT =
            "{\"model\": \"gpt-4o-mini\", \"max_completion_tokens\": 9%s, \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}";

    @Override
    public Integer call() throws IOException, InterruptedException {
        var vertx = Vertx.vertx();
        var simulated = SimulatedProvider.start(
                        vertx, SimulatedProvider.Options.open("127.0.0.1", 0, Clock.systemUTC()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        var directory = Files.createTempDirectory("quotary-warm-up");
        try {
            var plans = Files.write(directory.resolve("plans.yaml"), DemoPlans.bytes());
            var config = config(directory, plans, simulated.port());
            try (var server = QuotaryServer.start(config, Clock.systemUTC(), Map.of());
                    var client = HttpClient.newHttpClient()) {
                use(client, requests(server.url(), server.createKey(DemoPlans.ORGANIZATION, Optional.empty())));
            }
        } finally {
            vertx.close();
            delete(directory);
        }
        return 0;
    }

    private static Config config(Path directory, Path plans, int providerPort) {
        var yaml = "{server: {port: 0}, apply: ['" + plans + "'], "
                + "providers: {openai: {base_url: 'http://127.0.0.1:" + providerPort + "'}}}";
        return new ConfigReader(Map.of(), directory).read(yaml, Optional.of(directory));
    }

    private static void use(HttpClient client, List<HttpRequest> requests) throws InterruptedException {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callers.invokeAll(Collections.nCopies(CALLERS, () -> {
                for (int i = 0; i < ROUNDS; i++) {
                    for (var request : requests) {
                        client.send(request, BodyHandlers.discarding());
                    }
                }
                return null;
            }));
        }
    }

    private static List<HttpRequest> requests(String url, String key) {
        return List.of(
                request(url, "/healthz", key).build(),
                request(url, "/api/v1/usage/status?subject=ada", key).build(),
                request(url, "/api/v1/usage/reservations", key)
                        .POST(BodyPublishers.ofString(RESERVATION))
                        .build(),
                request(url, "/openai/v1/chat/completions", key)
                        .POST(BodyPublishers.ofString(CHAT.formatted("")))
                        .build(),
                request(url, "/openai/v1/chat/completions", key)
                        .POST(BodyPublishers.ofString(CHAT.formatted(", \"stream\": true")))
                        .build());
    }

    private static HttpRequest.Builder request(String url, String path, String key) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
    }

    static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
