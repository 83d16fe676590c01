package dev.quotary.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A folder with a configuration and data, as an operator has one, and the servers that are started in it. */
final class PackagedServer {
    static final String ADMIN_KEY = "qk_admin_2b9d41c7e8f04a5d93be61";
    static final String PLANS = """
            plans:
              - key: free
                limits:
                  - { key: calls, meter: requests, per: subject, window: month, max: 1000 }
                  - { key: tokens, meter: tokens, per: subject, window: month, max: 100000 }
            organizations:
              - { key: acme, plan: free }
            """;

    private final Path folder;
    private final Map<String, String> environment;

    private PackagedServer(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    static PackagedServer in(Path folder, URI provider) {
        return in(folder, provider, PLANS);
    }

    static PackagedServer in(Path folder, URI provider, String plans) {
        write(folder.resolve("quotary.yaml"), """
                server: { host: 127.0.0.1, port: 0 }
                providers:
                  openai: { kind: openai, base_url: "%s", api_key: "${TEST_PROVIDER_KEY}", timeout: 20s }
                apply: [ plans.yaml ]
                """.formatted(provider));
        write(folder.resolve("plans.yaml"), plans);
        var environment = Quotary.environment();
        environment.put("QUOTARY_ADMIN_KEY", ADMIN_KEY);
        environment.put("TEST_PROVIDER_KEY", TestServer.PROVIDER_KEY);
        return new PackagedServer(folder, environment);
    }

    /** One of several servers that share a database, in a folder of its own. */
    static PackagedServer sharing(Path folder, String database, URI provider, String plans) {
        folder.toFile().mkdirs();
        var setup = in(folder, provider, plans);
        setup.environment.put("QUOTARY_STORE_URL", database);
        setup.environment.put("QUOTARY_LIMITER_URL", "postgresql:");
        return setup;
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes the text of its configuration, before it is started. */
    void configure(UnaryOperator<String> change) {
        var file = folder.resolve("quotary.yaml");
        try {
            write(file, change.apply(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, String> environment() {
        return environment;
    }

    Quotary serve(String... more) {
        var arguments = new ArrayList<>(List.of("serve"));
        arguments.addAll(List.of(more));
        return Quotary.start(folder, environment, arguments.toArray(String[]::new));
    }

    /** Runs a command against a running server, with the admin key in the environment. */
    Quotary.Ended command(Quotary server, String... arguments) {
        environment.put("QUOTARY_URL", server.url());
        return Quotary.run(folder, environment, arguments);
    }

    /** As {@link #command}, with something on its standard input. */
    Quotary.Ended commandTold(Quotary server, String text, String... arguments) {
        environment.put("QUOTARY_URL", server.url());
        try (var command = Quotary.start(folder, environment, arguments)) {
            return command.told(text).ended();
        }
    }

    /** A service key of acme. */
    String serviceKey(Quotary server) {
        return new Api(server.url(), ADMIN_KEY)
                .post("/api/v1/keys", "{\"organization\":\"acme\",\"role\":\"service\",\"name\":\"test\"}")
                .expect(201)
                .get("secret")
                .asText();
    }
}
