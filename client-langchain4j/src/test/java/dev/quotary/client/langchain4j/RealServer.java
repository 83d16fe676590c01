package dev.quotary.client.langchain4j;

import dev.quotary.client.LimitState;
import dev.quotary.client.QuotaryClient;
import dev.quotary.server.config.ConfigReader;
import dev.quotary.server.runtime.QuotaryServer;
import dev.quotary.testkit.FakeClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A server in this process, and a client of it. */
final class RealServer implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String PLANS = """
            plans:
              - key: free
                limits:
                  - { key: daily-cost, meter: cost, per: subject, window: day, max: "0.01" }
                  - { key: calls, meter: requests, per: subject, window: day, max: 3 }
            organizations: [ { key: acme, plan: free } ]
            """;

    final FakeClock clock = new FakeClock(NOW);
    final QuotaryServer server;
    final QuotaryClient client;

    RealServer(Path directory) {
        try {
            var plans = Files.writeString(directory.resolve("plans.yaml"), PLANS);
            var config = new ConfigReader(Map.of("QUOTARY_SERVER_PORT", "0"), directory)
                    .read("apply: [ " + plans + " ]\n", Optional.of(directory.resolve("data")));
            this.server = QuotaryServer.start(config, clock, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.client = QuotaryClient.builder(URI.create(server.url()), server.createKey("acme", Optional.empty()))
                .clock(clock)
                .build();
    }

    LimitState limit(String key) {
        return client.status("ada").limit(key).orElseThrow();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
