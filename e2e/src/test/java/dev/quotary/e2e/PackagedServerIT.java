package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command as users run it: processes of the packaged server. */
@Timeout(120)
class PackagedServerIT {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

    @TempDir
    private Path folder;

    @Test
    void demo_prints_calls_that_work_as_they_stand() throws IOException, InterruptedException {
        // Given
        try (var demo = Quotary.start(folder, Quotary.environment(), "demo", "--port", "0")) {
            demo.line("An admin key: ");
            var printed = demo.out()
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("curl "))
                    .toList();
            // When
            var called = bash(printed.getFirst());
            var status = bash(printed.getLast());
            // Then
            assertThat(printed).hasSize(2);
            assertThat(Api.json(called).get("object").asText()).isEqualTo("chat.completion");
            var limits = Api.json(status).get("limits");
            assertThat(limits.get(0).get("limit").asText()).isEqualTo("requests-per-minute");
            assertThat(limits.get(0).get("used").asLong()).isEqualTo(1);
        }
    }

    @Test
    void serve_reads_its_configuration_applies_its_plans_and_forwards_calls() {
        // Given
        try (var simulator = Simulator.start()) {
            var setup = PackagedServer.in(folder, simulator.baseUrl());
            try (var server = setup.serve()) {
                var key = setup.serviceKey(server);
                // When
                var answer = RawClient.exchange(
                        server.port(),
                        Ask.post("/v1/chat/completions", Chat.CAPPED).key(key).with("X-Quotary-Subject", "ada"));
                // Then
                assertThat(answer.status()).isEqualTo(200);
                var status = new Api(server.url(), key)
                        .get("/api/v1/usage/status?subject=ada")
                        .expect(200);
                assertThat(status.get("plan").asText()).isEqualTo("free");
                assertThat(status.at("/limits/0/used").asLong()).isEqualTo(1);
                assertThat(folder.resolve("data").resolve("quotary.db")).isRegularFile();
            }
        }
    }

    @Test
    void admin_key_is_shown_at_the_first_start_only_and_goes_on_working() {
        // Given
        var environment = Quotary.environment();
        String key;
        try (var first = Quotary.start(folder, environment, "serve", "--port", "0")) {
            first.url();
            key = first.line("admin key (shown this once): ");
        }
        // When
        try (var second = Quotary.start(folder, environment, "serve", "--port", "0")) {
            var url = second.url();
            // Then
            assertThat(second.out()).doesNotContain("admin key");
            assertThat(new Api(url, key)
                            .post("/api/v1/apply", "application/yaml", PackagedServer.PLANS)
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server: { host: 127.0.0.1 }\\nstoer: { url: x } | line 2 | stoer",
                "server:\\n  host: 127.0.0.1\\n  prot: 8080 | line 3 | prot",
                "providers:\\n  openai: { kind: openai, base_url: 'ftp://x' } | line 2 | ftp://x",
                "store:\\n  url: mysql://app:geheim@db/quotary | line 2 | sqlite",
                "server: [ | line | expected",
            })
    void configuration_that_cannot_be_meant_ends_the_start_with_its_line(String yaml, String line, String named) {
        // Given
        PackagedServer.write(folder.resolve("quotary.yaml"), yaml.replace("\\n", "\n"));
        // When
        var ended = Quotary.run(folder, Quotary.environment(), "serve", "--port", "0");
        // Then
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).startsWith("quotary: ").contains(line, named).doesNotContain("\tat ", "geheim");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void port_in_use_is_said_in_a_sentence() throws IOException {
        // Given
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            // When
            var ended = Quotary.run(folder, Quotary.environment(), "serve", "--port", port);
            // Then
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("quotary: cannot listen on 127.0.0.1:" + port)
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void second_server_on_the_same_data_is_refused_and_the_first_goes_on() {
        // Given
        var setup = PackagedServer.in(folder, NOWHERE);
        try (var first = setup.serve()) {
            var key = setup.serviceKey(first);
            // When
            var second = Quotary.run(folder, setup.environment(), "serve");
            // Then
            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.err())
                    .contains("another server is using the data directory")
                    .doesNotContain("\tat ");
            assertThat(new Api(first.url(), key)
                            .get("/api/v1/usage/status?subject=ada")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void plans_of_the_documentation_are_shown_applied_and_found_unchanged() {
        // Given
        var setup = PackagedServer.in(folder, NOWHERE, "plans: []");
        try (var server = setup.serve()) {
            var example = example();
            // When
            var dry = setup.command(server, "apply", "--dry-run", "-f", example);
            var statusBefore = setup.command(server, "status", "--organization", "acme", "--subject", "user-1");
            var applied = setup.command(server, "apply", "-f", example);
            var again = setup.command(server, "apply", "-f", example);
            // Then
            assertThat(dry.exit()).as(dry.err()).isZero();
            assertThat(dry.out()).contains("(dry run)", "+ plan free", "+ organization acme", "+ subject acme/user-1");
            assertThat(statusBefore.exit()).isEqualTo(1);
            assertThat(applied.exit()).as(applied.err()).isZero();
            assertThat(applied.out().lines().skip(1))
                    .isEqualTo(dry.out().lines().skip(1).toList());
            assertThat(again.exit()).as(again.err()).isZero();
            assertThat(again.out()).doesNotContain(" + ", " ~ ").contains("= 11 unchanged");
        }
    }

    @Test
    void keys_are_made_and_status_is_shown_on_the_command_line() {
        // Given
        var setup = PackagedServer.in(folder, NOWHERE);
        try (var server = setup.serve()) {
            // When
            var service = setup.command(server, "key", "create", "--organization", "acme")
                    .out();
            var own = setup.command(
                            server, "key", "create", "--organization", "acme", "--role", "subject", "--subject", "ada")
                    .out();
            new Api(server.url(), service)
                    .post("/api/v1/usage/records", "{\"subject\":\"ada\",\"quantities\":{\"tokens\":1200}}")
                    .expect(200);
            var status = setup.command(server, "status", "--organization", "acme", "--subject", "ada");
            // Then
            assertThat(service).matches("qk_\\S+");
            assertThat(new Api(server.url(), own)
                            .get("/api/v1/usage/status")
                            .expect(200)
                            .get("subject")
                            .asText())
                    .isEqualTo("ada");
            assertThat(status.exit()).as(status.err()).isZero();
            assertThat(status.out()).contains("ada: ok", "tokens: 1200 / 100000 per month (ok, resets ");
        }
    }

    @Test
    void keys_are_listed_rotated_and_revoked_on_the_command_line() {
        // Given
        var setup = PackagedServer.in(folder, NOWHERE);
        try (var server = setup.serve()) {
            var first = setup.command(server, "key", "create", "--organization", "acme", "--name", "backend")
                    .out();
            var status = "/api/v1/usage/status?subject=ada";
            var listed = setup.command(server, "key", "list", "--organization", "acme");
            var id = listed.out().substring(0, listed.out().indexOf(' '));
            // When
            var second =
                    setup.command(server, "key", "rotate", id, "--overlap", "0").out();
            var old = new Api(server.url(), first).get(status).status();
            var rotated = new Api(server.url(), second).get(status).status();
            var revoked = setup.command(server, "key", "revoke", id);
            // Then
            assertThat(listed.out()).isEqualTo(id + "  service  acme  'backend'  never used");
            assertThat(second).matches("qk_\\S+").isNotEqualTo(first);
            assertThat(List.of(old, rotated)).containsExactly(401, 200);
            assertThat(revoked.out()).startsWith(id + " is revoked since ");
            assertThat(new Api(server.url(), second).get(status).status()).isEqualTo(401);
            assertThat(setup.command(server, "key", "list", "--organization", "acme")
                            .out())
                    .contains("REVOKED");
        }
    }

    @Test
    void keys_of_providers_are_read_from_standard_input_listed_and_removed_on_the_command_line() {
        // Given
        var provider = CannedProvider.start(CannedProvider.json(Chat.answer(30, 4)));
        var setup = PackagedServer.in(folder, provider.baseUrl());
        setup.environment().put("QUOTARY_MASTER_KEY", "11".repeat(32));
        try (provider;
                var server = setup.serve()) {
            var app = new Api(server.url(), setup.serviceKey(server));
            // When
            var set = setup.commandTold(server, "sk-stored-0123456789\n\n", "provider-key", "set", "openai");
            var listed = setup.command(server, "provider-key", "list", "openai");
            app.post(TestServer.CHAT, Chat.CAPPED).expect(200);
            var removed = setup.command(server, "provider-key", "remove", "openai");
            app.post(TestServer.CHAT, Chat.CAPPED).expect(200);
            var nothing = setup.commandTold(server, "\n", "provider-key", "set", "openai");
            // Then
            assertThat(set.exit()).as(set.err()).isZero();
            assertThat(set.out()).matches("sk-st\\.\\.\\.  [0-9a-f]{16}  .*Z").doesNotContain("0123456789");
            assertThat(listed.out()).isEqualTo(set.out());
            assertThat(removed.exit()).isZero();
            assertThat(removed.out()).isEmpty();
            assertThat(nothing.exit()).isEqualTo(1);
            assertThat(provider.taken().header("authorization")).hasValue("Bearer sk-stored-0123456789");
            assertThat(provider.taken().header("authorization")).hasValue("Bearer " + TestServer.PROVIDER_KEY);
        }
    }

    @Test
    void command_without_a_server_or_a_key_says_what_to_do() {
        // Given
        var environment = Quotary.environment();
        // When
        var keyless = Quotary.run(folder, environment, "status", "--subject", "ada", "--url", NOWHERE.toString());
        environment.put("QUOTARY_ADMIN_KEY", "qk_x");
        var serverless = Quotary.run(folder, environment, "status", "--subject", "ada", "--url", NOWHERE.toString());
        // Then
        assertThat(keyless.exit()).isEqualTo(1);
        assertThat(keyless.err()).isEqualTo("quotary: Show the admin key: set QUOTARY_ADMIN_KEY, or give --key.");
        assertThat(serverless.exit()).isEqualTo(1);
        assertThat(serverless.err())
                .isEqualTo("quotary: No server answers at " + NOWHERE
                        + ". Start one with 'quotary serve', or give --url.");
    }

    @Test
    void newer_java_is_found_where_an_old_one_is_on_the_path() throws IOException {
        // Given
        var old = Files.createDirectory(folder.resolve("old"));
        var java = old.resolve("java");
        PackagedServer.write(
                java, "#!/bin/sh\necho 'java.home = " + old + "' >&2\necho UnsupportedClassVersionError\nexit 1\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        var jdks = Files.createDirectories(folder.resolve("home/.sdkman/candidates/java"));
        Files.createSymbolicLink(jdks.resolve("25"), Path.of(System.getProperty("java.home")));
        var environment = Quotary.environment();
        environment.remove("JAVA_HOME");
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("PATH", old + ":" + environment.get("PATH"));
        // When
        var ended = Quotary.run(folder, environment, "--version");
        Files.delete(jdks.resolve("25"));
        // Then
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("quotary 0.1.0");
    }

    @Test
    void command_runs_through_a_link_and_from_a_copy_of_the_distribution() throws IOException {
        // Given
        var link = Files.createSymbolicLink(
                folder.resolve("linked"), Quotary.root().resolve("quotary"));
        var packaged = Quotary.root().resolve("server/target/quotary/quotary");
        // When
        try (var linked = Quotary.start(folder, Quotary.environment(), link, List.of("--version"));
                var copied = Quotary.start(folder, Quotary.environment(), packaged, List.of("--version"))) {
            // Then
            assertThat(linked.ended().out()).isEqualTo("quotary 0.1.0");
            assertThat(copied.ended().out()).isEqualTo("quotary 0.1.0");
        }
    }

    /** The example of the documentation, as a file. */
    private String example() {
        try (var stream = PackagedServerIT.class.getResourceAsStream("/plans/api-example.yaml")) {
            if (stream == null) {
                throw new AssertionError("no example");
            }
            var file = folder.resolve("example.yaml");
            Files.write(file, stream.readAllBytes());
            return file.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a line as a shell would, and gives its output. */
    private String bash(String line) throws IOException, InterruptedException {
        var process = new ProcessBuilder("bash", "-c", line)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return out;
    }
}
