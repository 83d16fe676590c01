package dev.quotary.server.command;

import dev.quotary.server.config.Config;
import dev.quotary.server.config.ConfigReader;
import dev.quotary.server.runtime.QuotaryServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Starts a server, uses it a little and stops: the training run of the JVM's start cache. */
@Command(name = "warm-up", hidden = true)
public final class WarmUpCommand implements Callable<Integer> {
    private static final int ROUNDS = 20;
    private static final String RESERVATION =
            "{\"subject\": \"ada\", \"quantities\": {\"tokens.input\": 1, \"tokens.output\": 1}}";

    @Override
    public Integer call() throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("quotary-warm-up");
        try {
            var plans = Files.write(directory.resolve("plans.yaml"), DemoPlans.bytes());
            try (var server = QuotaryServer.start(config(directory, plans), Clock.systemUTC(), Map.of());
                    var client = HttpClient.newHttpClient()) {
                var key = server.createKey(DemoPlans.ORGANIZATION, Optional.empty());
                for (int i = 0; i < ROUNDS; i++) {
                    for (var request : requests(server.url(), key)) {
                        client.send(request, BodyHandlers.discarding());
                    }
                }
            }
        } finally {
            delete(directory);
        }
        return 0;
    }

    private static Config config(Path directory, Path plans) {
        var yaml = "{server: {port: 0}, apply: ['" + plans + "']}";
        return new ConfigReader(Map.of(), directory).read(yaml, Optional.of(directory));
    }

    private static List<HttpRequest> requests(String url, String key) {
        var authorized = HttpRequest.newBuilder().header("Authorization", "Bearer " + key);
        return List.of(
                HttpRequest.newBuilder(URI.create(url + "/healthz")).build(),
                authorized
                        .copy()
                        .uri(URI.create(url + "/api/v1/usage/reservations"))
                        .POST(BodyPublishers.ofString(RESERVATION))
                        .build(),
                authorized
                        .copy()
                        .uri(URI.create(url + "/api/v1/usage/status?subject=ada"))
                        .build());
    }

    static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
