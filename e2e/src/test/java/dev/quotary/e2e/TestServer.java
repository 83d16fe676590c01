package dev.quotary.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Message;
import dev.quotary.gateway.upstream.Secret;
import dev.quotary.gateway.upstream.Timeouts;
import dev.quotary.server.config.Config;
import dev.quotary.server.config.ConfigReader;
import dev.quotary.server.config.ProviderConfig;
import dev.quotary.server.runtime.QuotaryServer;
import dev.quotary.sql.PostgresUrl;
import dev.quotary.testkit.FakeClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server in this process, reached over HTTP like any other, whose clock the test holds. */
final class TestServer implements AutoCloseable {
    static final String PROVIDER_KEY = "sk-provider-5e0f1d8c";
    static final String CHAT = "/openai/v1/chat/completions";
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final QuotaryServer server;
    private final FakeClock clock;
    private final String serviceKey;

    private TestServer(QuotaryServer server, FakeClock clock) {
        this.server = server;
        this.clock = clock;
        this.serviceKey = server.createKey("acme", Optional.empty());
    }

    /**
     * What a test chooses.
     *
     * @param limits of the plan that every subject of organization acme has, as plans files write them
     * @param more other members of the plans file
     */
    record Setup(URI provider, Duration timeout, List<String> limits, String more) {
        static Setup of(URI provider, String... limits) {
            return new Setup(provider, Timeouts.ANSWER, List.of(limits), "");
        }

        Setup timeout(Duration changed) {
            return new Setup(provider, changed, limits, more);
        }

        Setup more(String changed) {
            return new Setup(provider, timeout, limits, changed);
        }

        /** As YAML in flow style, which needs no indentation to be kept in order. */
        private String plans() {
            return """
                    plans: [ { key: free, upgrade_url: /settings/billing, limits: [ %s ] } ]
                    organizations:
                      - { key: acme, plan: free, subjects: [ { key: ada }, { key: bob }, { key: eve, blocked: true } ] }
                      - { key: other, plan: free, subjects: [ { key: zoe } ] }
                    %s
                    """.formatted(String.join(", ", limits), more);
        }
    }

    static TestServer start(Path directory, Setup setup) {
        return start(directory, new FakeClock(NOW), setup);
    }

    static TestServer start(Path directory, FakeClock clock, Setup setup) {
        try {
            var plans = Files.writeString(directory.resolve("plans.yaml"), setup.plans());
            return start(directory, clock, setup, plans);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param plans the plans file, in place of the one that the setup describes */
    static TestServer start(Path directory, FakeClock clock, Setup setup, Path plans) {
        return start(new Config.Sqlite(directory.resolve("data").resolve("quotary.db")), clock, setup, plans);
    }

    /**
     * With providers as the configuration file writes them, in place of the one that the setup describes.
     *
     * @param yaml the whole configuration but where it listens, stores and what it applies
     */
    static TestServer configured(Path directory, FakeClock clock, Setup setup, String yaml) {
        try {
            var plans = Files.writeString(directory.resolve("plans.yaml"), setup.plans());
            var config = new ConfigReader(Map.of("QUOTARY_SERVER_PORT", "0"), directory)
                    .read(yaml + "\napply: [ " + plans + " ]\n", Optional.of(directory.resolve("data")));
            return new TestServer(QuotaryServer.start(config, clock, Map.of()), clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Over a database of PostgreSQL, with what else a server keeps in the directory. */
    static TestServer start(Path directory, PostgresUrl database, Setup setup) {
        try {
            var plans = Files.writeString(Files.createDirectories(directory).resolve("plans.yaml"), setup.plans());
            return start(
                    new Config.Postgres(database, directory.resolve("data"), false), new FakeClock(NOW), setup, plans);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestServer start(Config.Store store, FakeClock clock, Setup setup, Path plans) {
        var provider = ProviderConfig.of(
                        ProviderConfig.Kind.OPENAI, setup.provider(), ProviderConfig.Keys.of(new Secret(PROVIDER_KEY)))
                .with(Timeouts.of(setup.timeout()));
        var config = new Config(
                new Config.Listen("127.0.0.1", 0, "http://127.0.0.1"),
                store,
                Map.of("openai", provider),
                List.of(plans));
        return new TestServer(QuotaryServer.start(config, clock, Map.of()), clock);
    }

    FakeClock clock() {
        return clock;
    }

    int port() {
        return server.port();
    }

    String url() {
        return server.url();
    }

    /** A key that may name any subject of acme. */
    String serviceKey() {
        return serviceKey;
    }

    /** A key of one subject of acme. */
    String keyOf(String subject) {
        return server.createKey("acme", Optional.of(subject));
    }

    /** A key that may name any subject of another organization. */
    String otherKey() {
        return server.createKey("other", Optional.empty());
    }

    String adminKey() {
        return server.newAdminKey().orElseThrow();
    }

    Message exchange(Ask ask) {
        return RawClient.exchange(port(), ask);
    }

    /** The call of a subject through the gateway. */
    Message chat(String subject, String body) {
        return exchange(chatOf(subject, body));
    }

    Ask chatOf(String subject, String body) {
        return Ask.post(CHAT, body).key(serviceKey).with("X-Quotary-Subject", subject);
    }

    Api api() {
        return new Api(url(), serviceKey);
    }

    Api api(String key) {
        return new Api(url(), key);
    }

    /** The usage event that an answer names. */
    JsonNode event(Message answer) {
        return event(answer.header("X-Quotary-Event").orElseThrow());
    }

    JsonNode event(String id) {
        return api().get("/api/v1/usage/events/" + id).expect(200);
    }

    /** How many calls wait for room. */
    int waiting() {
        var metrics = api(adminKey()).get("/metrics").response().body();
        var line = metrics.lines()
                .filter(each -> each.startsWith("quotary_calls_waiting "))
                .findFirst()
                .orElseThrow();
        return (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1));
    }

    /** How one limit of a subject stands. */
    JsonNode limit(String subject, String limit) {
        var status = api().get("/api/v1/usage/status?subject=" + subject).expect(200);
        for (var each : status.get("limits")) {
            if (each.get("limit").asText().equals(limit)) {
                return each;
            }
        }
        throw new AssertionError("no limit " + limit + " in " + status);
    }

    @Override
    public void close() {
        server.close();
    }
}
