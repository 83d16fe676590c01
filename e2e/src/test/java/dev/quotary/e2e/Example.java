package dev.quotary.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.clock.ClockedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A product of {@code examples/}, with its own plans file, on the packaged server whose clock is in the test's hand.
 *
 * <p>One server serves all tests of a product, as starting one takes longer than most of them. So each test has subjects of its own, and
 * the clock, which cannot go back, is only ever moved on from where it is.
 */
final class Example implements AutoCloseable {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");
    private static final String ADMIN_KEY = "qk_admin_8c41d7e2b9f04a6d93be57";

    private final Path folder;
    private final String product;
    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private Instant now;
    private Quotary process;

    private Example(Path folder, String product, Instant now, Quotary process) {
        this.folder = folder;
        this.product = product;
        this.now = now;
        this.process = process;
    }

    /** @param product the folder under {@code examples/} */
    static Example start(Path folder, String product, Instant now) {
        return start(folder, product, now, "providers: { openai: { base_url: \"" + NOWHERE + "\", api_key: none } }");
    }

    /** @param yaml what the configuration says of providers */
    static Example start(Path folder, String product, Instant now, String yaml) {
        PackagedServer.write(folder.resolve("quotary.yaml"), "server: { host: 127.0.0.1, port: 0 }\n" + yaml + "\n");
        var example = new Example(folder, product, now, process(folder, now, Map.of()));
        example.admin()
                .post("/api/v1/apply", "application/yaml", example.plans())
                .expect(200);
        return example;
    }

    private static Quotary process(Path folder, Instant now, Map<String, String> more) {
        var environment = new HashMap<>(Quotary.environment());
        environment.put("QUOTARY_ADMIN_KEY", ADMIN_KEY);
        environment.putAll(more);
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var lib = Quotary.root().resolve("server/target/quotary/lib");
        if (!Files.isDirectory(lib)) {
            throw new AssertionError("the server is not packaged: " + lib);
        }
        // The released jars as they are, and beside them this one class.
        var classes = lib.resolve("*") + System.getProperty("path.separator") + testClasses();
        return Quotary.start(
                folder,
                environment,
                java,
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classes,
                        ClockedServer.class.getName(),
                        now.toString()));
    }

    private static Path testClasses() {
        try {
            return Path.of(ClockedServer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The product's plans file. */
    String plans() {
        try {
            return Files.readString(
                    Quotary.root().resolve("examples").resolve(product).resolve("plans.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Instant now() {
        return now;
    }

    /** Moves the clock on; it stands still then. */
    void at(Instant later) {
        if (later.isBefore(now)) {
            throw new AssertionError("the clock cannot go back from " + now + " to " + later);
        }
        process.tell(later.toString());
        process.line("clock at " + later);
        now = later;
    }

    void after(Duration time) {
        at(now.plus(time));
    }

    String url() {
        return process.url();
    }

    int port() {
        return process.port();
    }

    Api admin() {
        return new Api(url(), ADMIN_KEY);
    }

    /** The backend of an organization: a service key. */
    Api backend(String organization) {
        return new Api(url(), keys.computeIfAbsent(organization, this::newKey));
    }

    private String newKey(String organization) {
        return admin().post("/api/v1/keys", "{\"organization\":\"" + organization + "\",\"role\":\"service\"}")
                .expect(201)
                .get("secret")
                .asText();
    }

    /** Gives a subject a plan, as a product does that has sold one. */
    void plan(String organization, String subject, String plan) {
        var path = "/api/v1/subjects/" + subject + "?organization=" + organization;
        var body = "{\"plan\":\"" + plan + "\"}";
        var changed = admin().send("PATCH", path, body, "If-Match", "*");
        if (changed.status() == 404) {
            admin().put(path, body).expect(201);
        } else {
            changed.expect(200);
        }
    }

    /** How one limit of a subject stands. */
    JsonNode limit(String organization, String subject, String limit) {
        return limit(
                backend(organization)
                        .get("/api/v1/usage/status?subject=" + subject)
                        .expect(200),
                limit);
    }

    /** How one limit stands in an answer. */
    static JsonNode limit(JsonNode answer, String limit) {
        for (var each : answer.get("limits")) {
            if (each.get("limit").asText().equals(limit)) {
                return each;
            }
        }
        throw new AssertionError("no limit " + limit + " in " + answer);
    }

    /** The limits that a refusal names. */
    static List<String> violated(JsonNode refusal) {
        var keys = new ArrayList<String>();
        refusal.get("violations")
                .forEach(violation -> keys.add(violation.get("limit").asText()));
        return keys;
    }

    Path database() {
        return folder.resolve("data").resolve("quotary.db");
    }

    /** Ends the server without asking. */
    void crash() {
        process.kill().ended();
    }

    /** Starts it again where it was, as it was. */
    void restart() {
        restart(now);
    }

    /** As {@link #restart()}, at another time: the one way back into the past, for a look. */
    void restart(Instant time) {
        crash();
        process = process(folder, time, Map.of("QUOTARY_SERVER_PORT", Integer.toString(port())));
        process.url();
    }

    @Override
    public void close() {
        process.close();
    }
}
