package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.e2e.TestServer.Setup;
import dev.quotary.http.InvalidInputException;
import dev.quotary.testkit.FakeClock;
import dev.quotary.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys of providers that are set while the server runs. */
@Timeout(120)
class GatewayStoredKeysIT {
    private static final String LIMIT = "{ key: calls, meter: requests, per: subject, window: day, max: 100 }";
    private static final String MASTER = "secrets: { master_key: '" + "11".repeat(32) + "' }\n";
    private static final String OTHER = "secrets: { master_key: '" + "22".repeat(32) + "' }\n";
    private static final String CHANGED =
            "secrets: { master_key: '" + "22".repeat(32) + "', other_master_key: '" + "11".repeat(32) + "' }\n";

    @TempDir
    private Path directory;

    private final FakeClock clock = new FakeClock(TestServer.NOW);
    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(30, 4)));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private TestServer server(Path folder, String more) {
        var yaml = more + "providers: { openai: { base_url: '" + provider.baseUrl() + "', api_key: sk-configured } }";
        return TestServer.configured(folder, clock, Setup.of(provider.baseUrl(), LIMIT), yaml);
    }

    private static void set(TestServer server, String admin, String keys) {
        var api = server.api(admin);
        var request = api.request("/api/v1/providers/openai/keys")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"keys\":[" + keys + "]}"));
        Api.send(request).expect(200);
    }

    private String keyShown(TestServer server) {
        assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
        return provider.taken().header("authorization").orElseThrow();
    }

    @Test
    void key_that_is_set_is_shown_to_the_provider_at_once_and_after_a_restart_until_it_is_removed() throws IOException {
        // Given
        String admin;
        try (var server = server(directory, MASTER)) {
            admin = server.adminKey();
            assertThat(keyShown(server)).isEqualTo("Bearer sk-configured");
            // When
            set(server, admin, "\"sk-stored-one-0123456789\"");
            // Then
            assertThat(keyShown(server)).isEqualTo("Bearer sk-stored-one-0123456789");
            set(server, admin, "\"sk-rotated-0123456789\"");
            assertThat(keyShown(server)).isEqualTo("Bearer sk-rotated-0123456789");
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("sk-rotated-0123456789")
                        .doesNotContain("sk-stored-one-0123456789");
            }
        }
        try (var server = server(directory, MASTER)) {
            assertThat(keyShown(server)).isEqualTo("Bearer sk-rotated-0123456789");
            set(server, admin, "");
            assertThat(keyShown(server)).isEqualTo("Bearer sk-configured");
        }
    }

    @Test
    void server_without_the_right_master_key_does_not_start_and_loses_nothing() {
        // Given
        try (var server = server(directory, MASTER)) {
            set(server, server.adminKey(), "\"sk-stored-one-0123456789\"");
        }
        // When, Then
        for (var wrong : new String[] {"", OTHER}) {
            assertThatThrownBy(() -> server(directory, wrong))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("QUOTARY_MASTER_KEY");
        }
        try (var server = server(directory, CHANGED)) {
            assertThat(keyShown(server)).isEqualTo("Bearer sk-stored-one-0123456789");
        }
        try (var server = server(directory, OTHER)) {
            assertThat(keyShown(server)).isEqualTo("Bearer sk-stored-one-0123456789");
        }
    }

    @Test
    void keys_cannot_be_stored_without_a_master_key() {
        // Given
        try (var server = server(directory, "")) {
            var request = server.api(server.adminKey())
                    .request("/api/v1/providers/openai/keys")
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString("{\"keys\":[\"sk-secret\"]}"));
            // When
            var answer = Api.send(request);
            // Then
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().get("detail").asText()).contains("QUOTARY_MASTER_KEY");
            assertThat(answer.json().toString()).doesNotContain("sk-secret");
            assertThat(keyShown(server)).isEqualTo("Bearer sk-configured");
        }
    }

    @Test
    void key_that_is_set_on_one_server_is_used_by_another_on_the_same_database() throws IOException {
        // Given
        var one = Files.createDirectory(directory.resolve("one"));
        var two = Files.createDirectory(directory.resolve("two"));
        try (var postgres = PostgresServer.start(Map.of())) {
            var shared = MASTER + "limiter: { url: 'postgresql:' }\nstore: { url: '" + postgres.newDatabase() + "' }\n";
            try (var first = server(one, shared);
                    var second = server(two, shared)) {
                assertThat(keyShown(second)).isEqualTo("Bearer sk-configured");
                // When
                set(first, first.adminKey(), "\"sk-stored-one-0123456789\"");
                // Then: the change was answered when the other server goes by it
                assertThat(keyShown(second)).isEqualTo("Bearer sk-stored-one-0123456789");
                assertThat(keyShown(first)).isEqualTo("Bearer sk-stored-one-0123456789");
            }
        }
    }
}
