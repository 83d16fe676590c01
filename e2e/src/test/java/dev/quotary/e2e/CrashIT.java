package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.RawClient.Ask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that end, with and without warning, and what their successors find. */
@Timeout(120)
class CrashIT {
    @TempDir
    private Path folder;

    private CannedProvider provider;
    private PackagedServer setup;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(60, 40)));
        setup = PackagedServer.in(folder, provider.baseUrl());
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void killed_server_keeps_recorded_use_and_running_reservations() {
        // Given
        Api api;
        String key;
        try (var server = setup.serve()) {
            key = setup.serviceKey(server);
            api = new Api(server.url(), key);
            api.post("/api/v1/usage/records", "{\"id\":\"e1\",\"subject\":\"ada\",\"quantities\":{\"tokens\":700}}")
                    .expect(200);
            api.post("/api/v1/usage/reservations", reservation("r1", 300)).expect(201);
            api.post("/api/v1/usage/reservations", reservation("r2", 50)).expect(201);
            api.post("/api/v1/usage/reservations/r2/release", "{}").expect(200);
            api.post("/api/v1/usage/reservations", reservation("r3", 20)).expect(201);
            api.post("/api/v1/usage/reservations/r3/commit", "{}").expect(200);
            // When
            server.kill().ended();
        }
        // Then
        try (var server = setup.serve()) {
            api = new Api(server.url(), key);
            assertTokens(api, 720, 300);
            assertThat(api.get("/api/v1/usage/reservations/r1")
                            .expect(200)
                            .get("state")
                            .asText())
                    .isEqualTo("held");
            api.post("/api/v1/usage/reservations", reservation("r1", 300)).expect(201);
            assertTokens(api, 720, 300);
            api.post("/api/v1/usage/reservations/r1/commit", "{\"quantities\":{\"tokens\":250}}")
                    .expect(200);
            assertTokens(api, 970, 0);
            var repeated = api.post(
                            "/api/v1/usage/records",
                            "{\"id\":\"e1\",\"subject\":\"ada\",\"quantities\":{\"tokens\":700}}")
                    .expect(200);
            assertThat(repeated.get("duplicates").asInt()).isEqualTo(1);
            assertTokens(api, 970, 0);
        }
    }

    @Test
    void call_that_a_kill_interrupted_is_settled_and_leaves_no_hold() {
        // Given
        var over = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hello")));
            to.await(over);
        });
        String key;
        String event;
        try (var server = setup.serve()) {
            key = setup.serviceKey(server);
            try (var client = RawClient.connect(server.port())) {
                var head = client.send(chat(key, Chat.STREAMED)).head();
                client.chunks(1);
                event = head.header("X-Quotary-Event").orElseThrow();
                assertTokens(new Api(server.url(), key), 0, 35);
                // When
                server.kill().ended();
            }
        }
        over.countDown();
        // Then
        try (var server = setup.serve()) {
            var api = new Api(server.url(), key);
            var recorded = api.get("/api/v1/usage/events/" + event).expect(200);
            assertThat(recorded.get("outcome").asText()).isEqualTo("interrupted");
            assertThat(recorded.get("source").asText()).isEqualTo("estimate");
            assertThat(recorded.at("/quantities/requests").asLong()).isEqualTo(1);
            assertTokens(api, recorded.at("/quantities/tokens").asLong(), 0);
            assertThat(recorded.at("/quantities/tokens").asLong()).isPositive();
        }
        try (var server = setup.serve()) {
            var api = new Api(server.url(), key);
            assertThat(limit(api, "calls").get("used").asLong()).isEqualTo(1);
        }
    }

    @Test
    void server_that_is_asked_to_stop_lets_running_calls_end() {
        // Given
        var mayEnd = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.await(mayEnd);
            to.whole(200, List.of(), Chat.bytes(Chat.answer(60, 40)));
        });
        String key;
        try (var server = setup.serve()) {
            key = setup.serviceKey(server);
            int port = server.port();
            try (var client = RawClient.connect(port)) {
                client.send(chat(key, Chat.CAPPED));
                provider.taken();
                // When
                server.terminate();
                Await.until(() -> refuses(port), refused -> refused);
                mayEnd.countDown();
                var answer = client.answer();
                // Then
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo(Chat.answer(60, 40));
                assertThat(server.ended().exit()).isEqualTo(Quotary.TERMINATED);
                assertThat(server.err()).doesNotContain("ERROR", "\tat ");
            }
        }
        try (var server = setup.serve()) {
            assertTokens(new Api(server.url(), key), 100, 0);
        }
    }

    @Test
    void server_that_is_asked_to_stop_lets_running_streams_end() {
        // Given
        var mayEnd = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hello")));
            to.await(mayEnd);
            to.piece(Chat.bytes(Chat.end(60, 40)));
            to.end();
        });
        String key;
        try (var server = setup.serve()) {
            key = setup.serviceKey(server);
            int port = server.port();
            try (var client = RawClient.connect(port)) {
                client.send(chat(key, Chat.STREAMED)).head();
                client.chunks(1);
                // When
                server.terminate();
                Await.until(() -> refuses(port), refused -> refused);
                mayEnd.countDown();
                // Then
                assertThat(client.chunksToEnd()).isPositive();
                assertThat(server.ended().exit()).isEqualTo(Quotary.TERMINATED);
            }
        }
        try (var server = setup.serve()) {
            assertTokens(new Api(server.url(), key), 100, 0);
        }
    }

    @Test
    void idle_server_stops_at_once() {
        // Given
        try (var server = setup.serve()) {
            server.url();
            // When
            long before = System.nanoTime();
            var ended = server.terminate().ended();
            long seconds = Duration.ofNanos(System.nanoTime() - before).toSeconds();
            // Then
            assertThat(ended.exit()).isEqualTo(Quotary.TERMINATED);
            assertThat(seconds).isLessThan(10);
        }
    }

    private static boolean refuses(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (SocketException _) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ask chat(String key, String body) {
        return Ask.post("/v1/chat/completions", body).key(key).with("X-Quotary-Subject", "ada");
    }

    private static String reservation(String id, int tokens) {
        return "{\"id\":\"" + id + "\",\"subject\":\"ada\",\"quantities\":{\"tokens\":" + tokens
                + "},\"ttl_seconds\":600}";
    }

    private static void assertTokens(Api api, long used, long held) {
        var limit = limit(api, "tokens");
        assertThat(limit.get("used").asLong()).as("used").isEqualTo(used);
        assertThat(limit.get("held").asLong()).as("held").isEqualTo(held);
    }

    private static JsonNode limit(Api api, String key) {
        for (var limit : api.get("/api/v1/usage/status?subject=ada").expect(200).get("limits")) {
            if (limit.get("limit").asText().equals(key)) {
                return limit;
            }
        }
        throw new AssertionError("no limit " + key);
    }
}
