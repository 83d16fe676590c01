package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.TestServer.Setup;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway and the metrics with every wrong key; the API's own operations are tried where it is tested. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields before each test.
@Timeout(60)
class WrongKeysIT {
    private static final String GEMINI = "/gemini/v1beta/models/gemini-3.5-flash:generateContent";
    private static final String GEMINI_BODY = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";
    private static final String CLAUDE_BODY =
            "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    /** What is metered, what is passed on for nothing, and what is not there. */
    private static final Map<String, String> PATHS = Map.of(
            TestServer.CHAT,
            Chat.CAPPED,
            "/openai/v1/responses",
            "{\"model\":\"gpt-4o-mini\",\"input\":\"hi\"}",
            "/openai/v1/files",
            "{}",
            "/anthropic/v1/messages",
            CLAUDE_BODY,
            GEMINI,
            GEMINI_BODY,
            "/xai/v1/chat/completions",
            Chat.CAPPED);

    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(60, 40)));
        server = TestServer.start(
                directory,
                Setup.of(
                        provider.baseUrl(), "{ key: messages, meter: requests, per: subject, window: day, max: 100 }"));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    private Api.Answer made(String body) {
        return server.api(server.adminKey()).post("/api/v1/keys", body);
    }

    private String secret(String body) {
        return made(body).expect(201).get("secret").asText();
    }

    private String revoked() {
        var made = made("{\"role\":\"admin\"}").expect(201);
        Api.send(server.api(server.adminKey())
                        .request("/api/v1/keys/" + made.get("id").asText())
                        .DELETE())
                .expect(200);
        return made.get("secret").asText();
    }

    private Map<String, String> unknown() {
        var wrong = new LinkedHashMap<String, String>();
        wrong.put("unknown", "qk_live_" + "0".repeat(64));
        wrong.put("expired", secret("{\"role\":\"admin\",\"expires_at\":\"2026-11-22T10:05:00Z\"}"));
        wrong.put("revoked", revoked());
        wrong.put("forged token", "qt_00000000.e30.AAAA");
        var token = server.api()
                .post("/api/v1/portal-tokens", "{\"subject\":\"ada\",\"ttl_seconds\":300}")
                .expect(201)
                .get("token")
                .asText();
        wrong.put("expired token", token);
        server.clock().advance(Duration.ofMinutes(5));
        return wrong;
    }

    @Test
    void nobody_calls_a_provider_or_reads_metrics_without_a_key_that_is_good_now() {
        // Given
        var wrong = unknown();
        for (var key : wrong.entrySet()) {
            var client = server.api(key.getValue());
            // When
            var metrics = client.get("/metrics");
            // Then
            assertThat(metrics.status()).as("metrics, " + key.getKey()).isEqualTo(401);
            for (var path : PATHS.entrySet()) {
                var answer = client.post(path.getKey(), path.getValue());
                assertThat(answer.status())
                        .as(path.getKey() + ", " + key.getKey())
                        .isEqualTo(401);
            }
        }
        assertThat(provider.calls()).isZero();
    }

    @Test
    void who_may_only_look_calls_no_provider() {
        // Given
        var reader = server.api(secret("{\"organization\":\"acme\",\"role\":\"read\"}"));
        var portal = server.api(server.api()
                .post("/api/v1/portal-tokens", "{\"subject\":\"ada\"}")
                .expect(201)
                .get("token")
                .asText());
        for (var client : List.of(reader, portal)) {
            for (var path : PATHS.entrySet()) {
                // When
                var answer = client.post(path.getKey(), path.getValue());
                // Then
                assertThat(answer.status()).as(path.getKey()).isEqualTo(403);
            }
        }
        assertThat(provider.calls()).isZero();
    }

    @Test
    void nobody_calls_for_another_organization_or_another_subject() {
        // Given
        var others = Map.of(
                "X-Quotary-Organization", server.otherKey(),
                "X-Quotary-Subject", server.keyOf("bob"));
        var named = Map.of("X-Quotary-Organization", "acme", "X-Quotary-Subject", "ada");
        var metered = Map.of(TestServer.CHAT, Chat.CAPPED, "/anthropic/v1/messages", CLAUDE_BODY, GEMINI, GEMINI_BODY);
        for (var other : others.entrySet()) {
            for (var path : metered.entrySet()) {
                // When
                var answer = Api.send(server.api(other.getValue())
                        .request(path.getKey())
                        .header("Content-Type", "application/json")
                        .header(other.getKey(), named.getOrDefault(other.getKey(), ""))
                        .POST(BodyPublishers.ofString(path.getValue())));
                // Then
                assertThat(answer.status())
                        .as(path.getKey() + " with " + other.getKey())
                        .isEqualTo(403);
            }
        }
        assertThat(provider.calls()).isZero();
        assertThat(server.limit("ada", "messages").get("used").asLong()).isZero();
    }

    @Test
    void metrics_of_the_whole_server_are_for_its_own_admins() {
        // Given
        var wrong = List.of(
                secret("{\"organization\":\"acme\",\"role\":\"admin\"}"),
                secret("{\"organization\":\"acme\",\"role\":\"read\"}"),
                server.serviceKey(),
                server.keyOf("ada"),
                server.api()
                        .post("/api/v1/portal-tokens", "{\"subject\":\"ada\"}")
                        .expect(201)
                        .get("token")
                        .asText());
        for (var key : wrong) {
            // When
            var answer = server.api(key).get("/metrics");
            // Then
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.response().body()).doesNotContain("quotary_");
        }
        assertThat(server.api(server.adminKey()).get("/metrics").status()).isEqualTo(200);
    }
}
