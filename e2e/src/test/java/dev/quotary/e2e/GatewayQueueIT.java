package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.TestServer.Setup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gateway calls that wait for room instead of being refused. */
@Timeout(60)
class GatewayQueueIT {
    private static final String USED = Chat.answer(60, 40);

    @TempDir
    private Path directory;

    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> {
            to.await(mayEnd);
            to.whole(200, List.of(), Chat.bytes(USED));
        });
    }

    @AfterEach
    void stop() {
        mayEnd.countDown();
        provider.close();
    }

    private TestServer server(int max, String wait) {
        return TestServer.start(
                directory,
                Setup.of(
                        provider.baseUrl(),
                        "{ key: parallel, meter: requests, per: organization, window: in-flight, max: " + max
                                + ", exceeded: { action: queue, wait: " + wait + " } }"));
    }

    @Test
    void call_waits_until_one_that_runs_has_ended_and_its_wait_is_recorded() {
        // Given
        try (var server = server(1, "30s");
                var running = RawClient.connect(server.port());
                var waiting = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            waiting.send(server.chatOf("bob", Chat.CAPPED));
            Await.until(server::waiting, count -> count == 1);
            assertThat(provider.calls()).isEqualTo(1);
            // When
            mayEnd.countDown();
            var first = running.answer();
            var second = waiting.answer();
            // Then
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.header("Server-Timing")).isEmpty();
            assertThat(second.status()).isEqualTo(200);
            assertThat(new String(second.body(), StandardCharsets.UTF_8)).isEqualTo(USED);
            var event = server.event(second);
            long waited = event.get("queue_wait_ms").asLong();
            assertThat(waited).isPositive();
            assertThat(second.header("Server-Timing")).hasValue("queue;dur=" + waited);
            assertThat(server.event(first).get("queue_wait_ms").asLong()).isZero();
            assertThat(server.waiting()).isZero();
        }
    }

    @Test
    void stream_waits_too() {
        // Given
        try (var server = server(1, "30s");
                var running = RawClient.connect(server.port());
                var waiting = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            waiting.send(server.chatOf("bob", Chat.STREAMED));
            Await.until(server::waiting, count -> count == 1);
            provider.answers(
                    CannedProvider.stream(Chat.EVENT_STREAM, List.of(Chat.bytes(Chat.chunk("Hi") + Chat.end(6, 1)))));
            // When
            mayEnd.countDown();
            running.answer();
            var streamed = waiting.answer();
            // Then
            assertThat(streamed.status()).isEqualTo(200);
            assertThat(new String(streamed.body(), StandardCharsets.UTF_8)).endsWith("data: [DONE]\n\n");
            long waited = server.event(streamed).get("queue_wait_ms").asLong();
            assertThat(streamed.header("Server-Timing")).hasValue("queue;dur=" + waited);
        }
    }

    @Test
    void call_that_waited_in_vain_is_refused_in_the_providers_shape() {
        // Given
        try (var server = server(1, "200ms");
                var running = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            // When
            var refused = server.chat("bob", Chat.CAPPED);
            // Then
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("retry-after")).hasValue("1");
            assertThat(refused.header("X-Quotary-Limit")).hasValue("parallel");
            var message = Api.json(new String(refused.body(), StandardCharsets.UTF_8))
                    .at("/error/message")
                    .asText();
            assertThat(message).containsPattern("It waited [0-9]+ ms for room\\.");
            assertThat(provider.calls()).isEqualTo(1);
        }
    }

    @Test
    void client_that_leaves_while_it_waits_is_forgotten() {
        // Given
        try (var server = server(1, "30s");
                var running = RawClient.connect(server.port());
                var waiting = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            waiting.send(server.chatOf("bob", Chat.CAPPED));
            Await.until(server::waiting, count -> count == 1);
            // When
            waiting.reset();
            // Then
            Await.until(server::waiting, count -> count == 0);
            mayEnd.countDown();
            running.answer();
            assertThat(server.limit("bob", "parallel").get("held").asLong()).isZero();
            assertThat(provider.calls()).isEqualTo(1);
        }
    }

    @Test
    void stopping_server_answers_those_who_wait() throws Exception {
        // Given
        try (var server = server(1, "30s");
                var running = RawClient.connect(server.port());
                var waiting = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            waiting.send(server.chatOf("bob", Chat.CAPPED));
            Await.until(server::waiting, count -> count == 1);
            // When
            var stopped = CompletableFuture.runAsync(server::close);
            var answer = waiting.answer();
            // Then
            assertThat(answer.status()).isEqualTo(503);
            mayEnd.countDown();
            assertThat(running.answer().status()).isEqualTo(200);
            stopped.get();
        }
    }

    @Test
    void crowd_goes_through_three_at_a_time_and_nobody_is_refused() {
        // Given
        var together = new AtomicInteger();
        var most = new AtomicInteger();
        mayEnd.countDown();
        provider.answers((_, to) -> {
            most.accumulateAndGet(together.incrementAndGet(), Math::max);
            together.decrementAndGet();
            to.whole(200, List.of(), Chat.bytes(USED));
        });
        try (var server = server(3, "30s")) {
            // When
            var answers = Together.call(200, i -> server.chat("s" + i % 7, Chat.CAPPED));
            // Then
            assertThat(answers).allMatch(answer -> answer.status() == 200);
            assertThat(most.get()).isLessThanOrEqualTo(3);
            assertThat(provider.calls()).isEqualTo(200);
            assertThat(server.waiting()).isZero();
            assertThat(server.limit("ada", "parallel").get("held").asLong()).isZero();
        }
    }

    @Test
    void call_without_a_cap_waits_for_the_room_that_its_answer_needs() {
        // Given: a call that runs holds all tokens but some that no answer fits into
        var limit = "{ key: tokens, meter: tokens, per: organization, window: minute, max: 70, "
                + "exceeded: { action: queue, wait: 30s } }";
        provider.answers((_, to) -> {
            to.await(mayEnd);
            to.whole(200, List.of(), Chat.bytes(Chat.answer(4, 1)));
        });
        try (var server = TestServer.start(directory, Setup.of(provider.baseUrl(), limit));
                var running = RawClient.connect(server.port());
                var waiting = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            waiting.send(server.chatOf("bob", Chat.UNCAPPED));
            Await.until(server::waiting, count -> count == 1);
            // When
            mayEnd.countDown();
            running.answer();
            var answer = waiting.answer();
            // Then: 70 less the 5 that were used, less 30 of input
            assertThat(answer.status()).isEqualTo(200);
            assertThat(new String(provider.taken().body(), StandardCharsets.UTF_8))
                    .endsWith("\"max_completion_tokens\":35}");
        }
    }
}
