package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.RawHttp.Header;
import dev.quotary.e2e.RawHttp.Message;
import dev.quotary.e2e.TestServer.Setup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers that fail: what the client is told, what is charged, and that no hold stays. */
@Timeout(60)
class GatewayFailuresIT {
    private static final String[] LIMITS = {
        "{ key: calls, meter: requests, per: subject, window: day, max: 10 }",
        "{ key: tokens, meter: tokens, per: subject, window: day, max: 1000 }",
        "{ key: cost, meter: cost, per: organization, window: month, max: '1.00' }"
    };

    @TempDir
    private Path directory;

    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(30, 4)));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {Chat.CAPPED, Chat.STREAMED})
    void unreachable_provider_is_a_502_that_costs_nothing(String body) throws IOException {
        // Given
        try (var server = TestServer.start(directory, Setup.of(closedPort(), LIMITS))) {
            // When
            var answer = server.chat("ada", body);
            // Then
            assertError(answer, 502, "server_error", "provider_unreachable");
            assertThat(server.event(answer).get("outcome").asText()).isEqualTo("error");
            assertNothingCharged(server);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Chat.CAPPED, Chat.STREAMED})
    void provider_that_closes_without_an_answer_is_a_502_that_costs_nothing(String body) {
        // Given
        provider.answers((_, to) -> to.reset());
        try (var server = server()) {
            // When
            var answer = server.chat("ada", body);
            // Then
            assertError(answer, 502, "server_error", "provider_unreachable");
            assertThat(server.event(answer).get("outcome").asText()).isEqualTo("error");
            assertNothingCharged(server);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Chat.CAPPED, Chat.STREAMED})
    void provider_that_does_not_answer_in_time_is_a_504_that_costs_nothing(String body) {
        // Given
        var over = new CountDownLatch(1);
        provider.answers((_, to) -> to.await(over));
        var setup = Setup.of(provider.baseUrl(), LIMITS).timeout(Duration.ofMillis(300));
        try (var server = TestServer.start(directory, setup)) {
            // When
            var answer = server.chat("ada", body);
            // Then
            assertError(answer, 504, "server_error", "provider_timeout");
            assertNothingCharged(server);
        } finally {
            over.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 429, 500, 503})
    void error_of_the_provider_passes_byte_for_byte_and_costs_nothing(int status) {
        // Given
        byte[] body =
                Chat.bytes("{\"error\": {\"message\": \"no\",\n \"type\": \"x\", \"param\": null, \"code\": null}}");
        var headers = List.of(new Header("content-type", "application/json"), new Header("retry-after", "3"));
        provider.answers(CannedProvider.whole(status, headers, body));
        try (var server = server()) {
            // When
            var plain = server.chat("ada", Chat.CAPPED);
            var streamed = server.chat("ada", Chat.STREAMED);
            // Then
            for (var answer : List.of(plain, streamed)) {
                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.body()).isEqualTo(body);
                assertThat(answer.header("retry-after")).hasValue("3");
                var event = server.event(answer);
                assertThat(event.get("outcome").asText()).isEqualTo("error");
                assertThat(event.get("error_type").asText()).isEqualTo("http_" + status);
                assertThat(event.get("cost").asText()).isEqualTo("0");
            }
            assertNothingCharged(server);
        }
    }

    @Test
    void answer_without_usage_is_charged_by_an_estimate_that_is_marked() {
        // Given
        provider.answers(CannedProvider.json(Chat.answerWithoutUsage()));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.text()).isEqualTo(Chat.answerWithoutUsage());
            var event = server.event(answer);
            assertThat(event.get("source").asText()).isEqualTo("estimate");
            assertThat(event.get("outcome").asText()).isEqualTo("success");
            assertThat(event.at("/quantities/tokens.input").asLong()).isEqualTo(9);
            assertThat(event.at("/quantities/tokens.output").asLong()).isEqualTo(2);
            assertThat(event.get("cost").asText()).isEqualTo("0.00000255");
        }
    }

    @Test
    void answer_that_is_no_json_passes_and_is_charged_by_an_estimate() {
        // Given
        byte[] body = {(byte) 0xff, 0, 'x'};
        provider.answers(CannedProvider.whole(200, List.of(), body));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.body()).isEqualTo(body);
            var event = server.event(answer);
            assertThat(event.get("source").asText()).isEqualTo("estimate");
            assertThat(event.at("/quantities/tokens.input").asLong()).isEqualTo(9);
        }
    }

    @Test
    void whole_answer_that_breaks_off_is_a_502_and_charged_by_an_estimate() {
        // Given
        provider.answers((_, to) -> {
            to.begin(200, List.of(new Header("content-type", "application/json")));
            to.piece(Chat.bytes(Chat.answer(30, 4).substring(0, 100)));
            to.hangUp();
        });
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertError(answer, 502, "server_error", "provider_unreachable");
            assertEstimated(server, answer, "provider_unreachable", 9);
        }
    }

    @Test
    void whole_answer_that_falls_silent_is_a_504_and_charged_by_an_estimate() {
        // Given
        var over = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, List.of(new Header("content-type", "application/json")));
            to.piece(Chat.bytes(Chat.answer(30, 4).substring(0, 100)));
            to.await(over);
        });
        var setup = Setup.of(provider.baseUrl(), LIMITS).timeout(Duration.ofMillis(700));
        try (var server = TestServer.start(directory, setup)) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertError(answer, 504, "server_error", "provider_timeout");
            assertEstimated(server, answer, "provider_timeout", 9);
        } finally {
            over.countDown();
        }
    }

    @Test
    void stream_that_falls_silent_ends_with_an_error_and_is_charged_by_an_estimate() {
        // Given
        var over = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hello")));
            to.await(over);
        });
        var setup = Setup.of(provider.baseUrl(), LIMITS).timeout(Duration.ofMillis(700));
        try (var server = TestServer.start(directory, setup)) {
            // When
            var answer = server.chat("ada", Chat.STREAMED);
            // Then
            assertThat(answer.whole()).isTrue();
            assertThat(answer.text()).startsWith(Chat.chunk("Hello") + "data: {\"error\":{");
            assertThat(answer.text()).contains("fell silent").doesNotContain("[DONE]");
            assertEstimated(server, answer, "provider_timeout", 10);
        } finally {
            over.countDown();
        }
    }

    @Test
    void error_event_of_the_provider_passes_and_the_call_counts_as_failed() {
        // Given
        var error =
                "data: {\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n";
        var stream = Chat.chunk("Hello") + error;
        provider.answers(CannedProvider.stream(Chat.EVENT_STREAM, List.of(Chat.bytes(stream))));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.STREAMED);
            // Then
            assertThat(answer.text()).isEqualTo(stream);
            var event = server.event(answer);
            assertThat(event.get("outcome").asText()).isEqualTo("error");
            assertThat(event.get("error_type").asText()).isEqualTo("server_error");
            assertThat(event.get("source").asText()).isEqualTo("estimate");
        }
    }

    @Test
    void stream_that_ends_without_usage_is_charged_by_an_estimate() {
        // Given
        var stream = Chat.chunk("Hello") + "data: [DONE]\n\n";
        provider.answers(CannedProvider.stream(Chat.EVENT_STREAM, List.of(Chat.bytes(stream))));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.STREAMED);
            // Then
            assertThat(answer.text()).isEqualTo(stream);
            var event = server.event(answer);
            assertThat(event.get("outcome").asText()).isEqualTo("success");
            assertThat(event.get("source").asText()).isEqualTo("estimate");
            assertThat(event.at("/quantities/tokens.output").asLong()).isEqualTo(1);
        }
    }

    @Test
    void stream_that_ends_after_its_usage_without_the_last_event_is_whole() {
        // Given
        var stream = (Chat.chunk("Hello") + Chat.end(9, 1)).replace("data: [DONE]\n\n", "");
        provider.answers(CannedProvider.stream(Chat.EVENT_STREAM, List.of(Chat.bytes(stream))));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.STREAMED_WITH_USAGE);
            // Then
            assertThat(answer.text()).isEqualTo(stream);
            assertThat(server.event(answer).get("outcome").asText()).isEqualTo("success");
            assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(10);
        }
    }

    @Test
    void usage_beyond_what_was_held_is_recorded_in_full() {
        // Given
        provider.answers(CannedProvider.json(Chat.answer(900, 400)));
        try (var server = server()) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(1300);
            assertThat(server.limit("ada", "tokens").get("remaining").asLong()).isZero();
            assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(402);
        }
    }

    private TestServer server() {
        return TestServer.start(directory, Setup.of(provider.baseUrl(), LIMITS));
    }

    static void assertError(Message answer, int status, String type, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).hasValue("application/json");
        var error = Api.json(answer.text()).get("error");
        assertThat(error.propertyStream().map(Map.Entry::getKey)).containsExactly("message", "type", "param", "code");
        assertThat(error.get("message").asText()).isNotBlank();
        assertThat(error.get("type").asText()).isEqualTo(type);
        assertThat(error.get("code").asText()).isEqualTo(code);
    }

    private static void assertEstimated(TestServer server, Message answer, String errorType, long tokens) {
        var event = server.event(answer);
        assertThat(event.get("outcome").asText()).isEqualTo("error");
        assertThat(event.get("error_type").asText()).isEqualTo(errorType);
        assertThat(event.get("source").asText()).isEqualTo("estimate");
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(tokens);
        assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
    }

    private static void assertNothingCharged(TestServer server) {
        for (var limit : List.of("calls", "tokens", "cost")) {
            JsonNode status = server.limit("ada", limit);
            assertThat(status.get("used").asText()).as(limit + " used").isEqualTo("0");
            assertThat(status.get("held").asText()).as(limit + " held").isEqualTo("0");
        }
    }

    /** Where nobody listens. */
    private static URI closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }
}
