package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.TestServer.Setup;
import dev.quotary.testkit.FakeClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers that take only so many calls at once. */
@Timeout(60)
class GatewayConcurrencyIT {
    private static final String CALLS = "{ key: calls, meter: requests, per: subject, window: day, max: 1000 }";

    @TempDir
    private Path directory;

    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> {
            to.await(mayEnd);
            to.whole(200, List.of(), Chat.bytes(Chat.answer(30, 4)));
        });
    }

    @AfterEach
    void stop() {
        mayEnd.countDown();
        provider.close();
    }

    private TestServer server(String settings) {
        var yaml = "providers: { openai: { base_url: '" + provider.baseUrl() + "', " + settings + " } }";
        return TestServer.configured(
                directory, new FakeClock(TestServer.NOW), Setup.of(provider.baseUrl(), CALLS), yaml);
    }

    private static int waiting(TestServer server) {
        return gauge(server, "quotary_provider_calls_waiting{provider=\"openai\"}");
    }

    private static int running(TestServer server) {
        return gauge(server, "quotary_provider_calls_running{provider=\"openai\"}");
    }

    private static int gauge(TestServer server, String name) {
        var page = server.api(server.adminKey()).get("/metrics").response().body();
        return page.lines()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void call_waits_for_its_provider_and_the_wait_is_recorded() {
        // Given
        try (var server = server("concurrency: 1");
                var running = RawClient.connect(server.port());
                var second = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            second.send(server.chatOf("bob", Chat.CAPPED));
            Await.until(() -> waiting(server), count -> count == 1);
            // When
            mayEnd.countDown();
            var first = running.answer();
            var waited = second.answer();
            // Then
            assertThat(first.status()).isEqualTo(200);
            assertThat(waited.status()).isEqualTo(200);
            long millis = server.event(waited).get("queue_wait_ms").asLong();
            assertThat(millis).isPositive();
            assertThat(waited.header("Server-Timing")).hasValue("queue;dur=" + millis);
            assertThat(server.event(first).get("queue_wait_ms").asLong()).isZero();
            assertThat(waiting(server)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Chat.CAPPED, Chat.STREAMED})
    void call_that_waited_in_vain_is_told_so_in_the_providers_shape_and_costs_nothing(String body) {
        // Given
        try (var server = server("concurrency: 1, queue: { wait: 200ms }");
                var running = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            // When
            var refused = server.chat("bob", body);
            // Then
            assertThat(refused.status()).isEqualTo(503);
            assertThat(Api.json(refused.text()).at("/error/code").asText()).isEqualTo("provider_unavailable");
            var event = server.event(refused);
            assertThat(event.get("error_type").asText()).isEqualTo("provider_busy");
            assertThat(event.get("queue_wait_ms").asLong()).isGreaterThanOrEqualTo(200);
            assertThat(server.limit("bob", "calls").get("used").asInt()).isZero();
            assertThat(server.limit("bob", "calls").get("held").asInt()).isZero();
            assertThat(provider.calls()).isEqualTo(1);
        }
    }

    @Test
    void call_is_refused_at_once_where_too_many_wait() {
        // Given
        try (var server = server("concurrency: 1, queue: { max: 0, wait: 30s }");
                var running = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            // When, Then
            assertThat(server.chat("bob", Chat.CAPPED).status()).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Chat.CAPPED, Chat.STREAMED})
    void client_that_leaves_gives_its_place_up(String body) {
        // Given
        try (var server = server("concurrency: 1");
                var running = RawClient.connect(server.port());
                var leaving = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            leaving.send(server.chatOf("bob", body));
            Await.until(() -> waiting(server), count -> count == 1);
            // When
            leaving.reset();
            // Then
            Await.until(() -> waiting(server), count -> count == 0);
            Await.until(() -> server.limit("bob", "calls").get("held").asInt(), held -> held == 0);
            mayEnd.countDown();
            assertThat(running.answer().status()).isEqualTo(200);
            assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
            assertThat(provider.calls()).isEqualTo(2);
        }
    }

    @Test
    void calls_of_dearer_plans_go_first() throws Exception {
        // Given
        var plans = Files.writeString(directory.resolve("fast.yaml"), """
                plans: [ { key: fast, priority: 10, limits: [ %s ] } ]
                organizations: [ { key: acme, subjects: [ { key: vip, plan: fast } ] } ]
                """.formatted(CALLS));
        try (var server = server("concurrency: 1");
                var running = RawClient.connect(server.port());
                var usual = RawClient.connect(server.port());
                var fast = RawClient.connect(server.port())) {
            server.api(server.adminKey())
                    .post("/api/v1/apply", "application/yaml", Files.readString(plans))
                    .expect(200);
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            usual.send(server.chatOf("bob", Chat.CAPPED));
            Await.until(() -> waiting(server), count -> count == 1);
            fast.send(server.chatOf("vip", Chat.CAPPED.replace("Hi", "Vip")));
            Await.until(() -> waiting(server), count -> count == 2);
            // When
            mayEnd.countDown();
            running.answer();
            fast.answer();
            usual.answer();
            // Then
            assertThat(provider.taken().text()).contains("Vip");
            assertThat(provider.taken().text()).contains("Hi");
        }
    }

    @Test
    void slots_come_back_from_clients_that_leave_at_any_moment() {
        // Given
        mayEnd.countDown();
        try (var server = server("concurrency: 2")) {
            // When
            var answered = Together.call(60, i -> {
                try (var client = RawClient.connect(server.port())) {
                    client.send(server.chatOf("s" + i % 5, i % 4 < 2 ? Chat.CAPPED : Chat.STREAMED));
                    if (i % 2 == 0) {
                        client.reset();
                        return true;
                    }
                    return client.answer().status() == 200;
                }
            });
            // Then
            assertThat(answered).containsOnly(true);
            Await.until(() -> running(server), count -> count == 0);
            assertThat(waiting(server)).isZero();
            assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
        }
    }

    @Test
    void crowd_goes_through_three_at_a_time_and_every_slot_comes_back() {
        // Given
        var together = new AtomicInteger();
        var most = new AtomicInteger();
        mayEnd.countDown();
        provider.answers((request, to) -> {
            most.accumulateAndGet(together.incrementAndGet(), Math::max);
            boolean streamed = new String(request.body(), StandardCharsets.UTF_8).contains("stream");
            together.decrementAndGet();
            if (streamed) {
                to.begin(200, Chat.EVENT_STREAM);
                to.piece(Chat.bytes(Chat.chunk("Hi") + Chat.end(6, 1)));
                to.end();
            } else {
                to.whole(200, List.of(), Chat.bytes(Chat.answer(30, 4)));
            }
        });
        try (var server = server("concurrency: 3")) {
            // When
            var answers = Together.call(200, i -> server.chat("s" + i % 7, i % 2 == 0 ? Chat.CAPPED : Chat.STREAMED));
            // Then
            assertThat(answers).allMatch(answer -> answer.status() == 200);
            assertThat(most.get()).isLessThanOrEqualTo(3);
            assertThat(waiting(server)).isZero();
            assertThat(running(server)).isZero();
        }
    }
}
