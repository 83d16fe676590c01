package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Header;
import dev.quotary.e2e.RawHttp.Message;
import dev.quotary.e2e.TestServer.Setup;
import dev.quotary.testkit.FakeClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several keys and addresses of a provider, attempts, breakers, time-outs, and clients' own keys. */
@Timeout(60)
class GatewayRoutingIT {
    private static final String LIMIT = "{ key: calls, meter: requests, per: subject, window: day, max: 100 }";
    private static final String TWO_KEYS = "api_keys: [ sk-one, sk-two ]";
    private static final String QUICKLY = "retries: { attempts: 3, backoff: 1ms, retry_after_max: 1s }";

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

    private TestServer server(String... settings) {
        var all = "base_url: '" + provider.baseUrl() + "', " + String.join(", ", settings);
        return TestServer.configured(
                directory, clock, Setup.of(provider.baseUrl(), LIMIT), "providers: { openai: { " + all + " } }");
    }

    private static CannedProvider.Answer error(int status, Header... headers) {
        return CannedProvider.whole(status, List.of(headers), Chat.bytes("{\"error\":{\"message\":\"no\"}}"));
    }

    /** Answers with the first ones in turn, and with the last of them from then on. */
    private CannedProvider.Answer inTurn(CannedProvider.Answer... answers) {
        return (request, to) -> answers[Math.min(provider.calls(), answers.length) - 1].give(request, to);
    }

    private List<String> keysShown(int calls) {
        return Stream.generate(() -> provider.taken().header("authorization").orElseThrow())
                .limit(calls)
                .toList();
    }

    private static void assertCharged(TestServer server, int calls) {
        var limit = server.limit("ada", "calls");
        assertThat(limit.get("used").asInt()).isEqualTo(calls);
        assertThat(limit.get("held").asInt()).isZero();
    }

    private static int attempts(TestServer server, Message answer) {
        return server.event(answer).at("/metadata/quotary/attempts").asInt(1);
    }

    private static int port() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static double metric(TestServer server, String beginning) {
        return server.api(server.adminKey())
                .get("/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void keys_take_turns() {
        // Given
        try (var server = server(TWO_KEYS)) {
            // When
            for (int i = 0; i < 4; i++) {
                assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
            }
            // Then
            assertThat(keysShown(4))
                    .containsExactly("Bearer sk-one", "Bearer sk-two", "Bearer sk-one", "Bearer sk-two");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Chat.CAPPED, Chat.STREAMED})
    void refused_key_rests_and_the_call_goes_on_with_another(String body) {
        // Given
        var good = body.equals(Chat.CAPPED)
                ? CannedProvider.json(Chat.answer(30, 4))
                : CannedProvider.stream(Chat.EVENT_STREAM, List.of(Chat.bytes(Chat.chunk("Hi") + Chat.end(6, 1))));
        provider.answers(inTurn(error(401), good));
        try (var server = server(TWO_KEYS)) {
            // When
            var first = server.chat("ada", body);
            var second = server.chat("ada", body);
            // Then
            assertThat(first.status()).isEqualTo(200);
            assertThat(second.status()).isEqualTo(200);
            assertThat(keysShown(3)).containsExactly("Bearer sk-one", "Bearer sk-two", "Bearer sk-two");
            assertThat(attempts(server, first)).isEqualTo(2);
            assertThat(attempts(server, second)).isEqualTo(1);
            assertCharged(server, 2);
            assertThat(metric(server, "quotary_provider_key_rests_total{provider=\"openai\",status=\"401\"}"))
                    .isEqualTo(1);
            assertThat(metric(server, "quotary_provider_keys_resting{provider=\"openai\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void throttled_call_is_repeated_when_the_provider_lets_it_and_charged_once() {
        // Given
        provider.answers(inTurn(
                error(429, new Header("retry-after-ms", "3")), error(503), CannedProvider.json(Chat.answer(30, 4))));
        try (var server = server(QUICKLY)) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(provider.calls()).isEqualTo(3);
            assertThat(attempts(server, answer)).isEqualTo(3);
            assertThat(server.event(answer).get("outcome").asText()).isEqualTo("success");
            assertCharged(server, 1);
            assertThat(metric(server, "quotary_provider_retries_total{provider=\"openai\""))
                    .isEqualTo(2);
        }
    }

    @Test
    void last_failure_is_passed_on_when_the_attempts_are_over() {
        // Given
        provider.answers(error(503));
        try (var server = server(QUICKLY)) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("{\"error\":{\"message\":\"no\"}}");
            assertThat(provider.calls()).isEqualTo(3);
            assertThat(server.event(answer).get("error_type").asText()).isEqualTo("http_503");
            assertCharged(server, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 504})
    void what_may_have_been_served_or_would_fail_again_is_not_repeated(int status) {
        // Given
        provider.answers(error(status));
        try (var server = server(QUICKLY)) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(status);
            assertThat(provider.calls()).isEqualTo(1);
        }
    }

    @Test
    void request_that_was_sent_and_not_answered_is_not_repeated() {
        // Given
        provider.answers((_, to) -> to.reset());
        try (var server = server(QUICKLY)) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(502);
            assertThat(provider.calls()).isEqualTo(1);
        }
    }

    @Test
    void provider_that_wants_to_be_left_alone_for_long_is_not_asked_again() {
        // Given
        provider.answers(error(429, new Header("retry-after", "60")));
        try (var server = server(QUICKLY)) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("retry-after")).hasValue("60");
            assertThat(provider.calls()).isEqualTo(1);
        }
    }

    @Test
    void address_that_cannot_be_reached_gives_way_to_another() throws IOException {
        // Given
        var settings = "providers: { openai: { base_urls: [ 'http://127.0.0.1:" + port() + "', '" + provider.baseUrl()
                + "' ], breaker: { failures: 1, open: 30s } } }";
        var setup = Setup.of(provider.baseUrl(), LIMIT);
        try (var server = TestServer.configured(directory, clock, setup, settings)) {
            // When
            var first = server.chat("ada", Chat.CAPPED);
            var second = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(first.status()).isEqualTo(200);
            assertThat(attempts(server, first)).isEqualTo(2);
            assertThat(second.status()).isEqualTo(200);
            assertThat(attempts(server, second)).isEqualTo(1);
            assertThat(metric(server, "quotary_provider_endpoints_open{provider=\"openai\"}"))
                    .isEqualTo(1);
            assertCharged(server, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Chat.CAPPED, Chat.STREAMED})
    void provider_that_fails_in_a_row_is_left_alone_until_a_probe_succeeds(String body) {
        // Given
        provider.answers(error(500));
        try (var server = server("breaker: { failures: 2, open: 30s }")) {
            server.chat("ada", Chat.CAPPED);
            server.chat("ada", Chat.CAPPED);
            // When
            var leftAlone = server.chat("ada", body);
            // Then
            assertThat(leftAlone.status()).isEqualTo(503);
            assertThat(Api.json(leftAlone.text()).at("/error/code").asText()).isEqualTo("provider_unavailable");
            assertThat(server.event(leftAlone).get("error_type").asText()).isEqualTo("provider_left_alone");
            assertThat(provider.calls()).isEqualTo(2);
            clock.advance(Duration.ofSeconds(30));
            provider.answers(CannedProvider.json(Chat.answer(30, 4)));
            assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
            assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
            assertCharged(server, 2);
            assertThat(metric(server, "quotary_provider_breaker_opened_total")).isEqualTo(1);
        }
    }

    @Test
    void answer_may_be_silent_for_longer_than_it_may_take_to_begin() {
        // Given: streams begin at once and fall silent, other answers do not begin
        var over = new CountDownLatch(1);
        provider.answers((request, to) -> {
            if (!request.text().contains("stream")) {
                to.await(over);
                return;
            }
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hi")));
            to.await(over);
            to.piece(Chat.bytes(Chat.end(6, 1)));
            to.end();
        });
        try (var server = server("first_byte_timeout: 300ms, silence_timeout: 30s");
                var client = RawClient.connect(server.port())) {
            client.send(server.chatOf("ada", Chat.STREAMED));
            provider.taken();
            // When: the time-out of the first byte passes twice while the stream is silent
            var first = server.chat("bob", Chat.CAPPED);
            var second = server.chat("bob", Chat.CAPPED);
            over.countDown();
            // Then
            assertThat(first.status()).isEqualTo(504);
            assertThat(second.status()).isEqualTo(504);
            assertThat(new String(client.answer().body(), StandardCharsets.UTF_8))
                    .endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void clients_own_key_passes_beside_a_key_of_ours() {
        // Given
        try (var server = server("api_key: passthrough")) {
            var ask = Ask.post(TestServer.CHAT, Chat.CAPPED)
                    .with("Authorization", "Bearer sk-of-the-client")
                    .with("X-Quotary-Key", server.serviceKey())
                    .with("X-Quotary-Subject", "ada");
            // When
            var answer = server.exchange(ask);
            // Then
            assertThat(answer.status()).isEqualTo(200);
            var sent = provider.taken();
            assertThat(sent.header("authorization")).hasValue("Bearer sk-of-the-client");
            assertThat(sent.header("x-quotary-key")).isEmpty();
            assertCharged(server, 1);
        }
    }

    @Test
    void key_of_ours_never_passes_where_clients_show_their_own() {
        // Given
        try (var server = server("api_key: passthrough")) {
            var keys = server.serviceKey();
            var asks = List.of(
                    server.chatOf("ada", Chat.CAPPED),
                    Ask.post(TestServer.CHAT, Chat.CAPPED).with("X-Quotary-Key", keys),
                    Ask.post(TestServer.CHAT, Chat.CAPPED).with("Authorization", "Bearer sk-of-the-client"),
                    server.chatOf("ada", Chat.CAPPED).with("X-Quotary-Key", keys),
                    Ask.post(TestServer.CHAT + "?key=" + keys, Chat.CAPPED)
                            .with("Authorization", "Bearer sk-of-the-client")
                            .with("X-Quotary-Key", keys));
            // When
            var answers = asks.stream().map(server::exchange).toList();
            // Then
            assertThat(answers).allMatch(answer -> answer.status() == 401);
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void clients_own_key_is_refused_where_nobody_allowed_it() {
        // Given
        try (var server = server("api_key: sk-ours")) {
            var ask = Ask.post(TestServer.CHAT, Chat.CAPPED)
                    .with("Authorization", "Bearer sk-of-the-client")
                    .with("X-Quotary-Key", server.serviceKey());
            // When
            var answer = server.exchange(ask);
            // Then
            assertThat(answer.status()).isEqualTo(401);
            assertThat(provider.calls()).isZero();
        }
    }
}
