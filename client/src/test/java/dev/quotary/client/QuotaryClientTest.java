package dev.quotary.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.quotary.client.FakeServer.Asked;
import dev.quotary.client.FakeServer.Reply;
import dev.quotary.client.json.JsonReader;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the client sends, when it sends it again, and how it takes answers that it should not get. */
class QuotaryClientTest {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Call CALL = Call.of("openai", "gpt-4o-mini").id("c-1").subject("ada");
    private static final String DENIED = """
            {"status":402,"code":"USAGE_LIMIT_EXCEEDED","detail":"No more.","error":"No more.","upgrade_url":"/billing",
             "allowed":false,"decision":"denied","estimated_cost":"0.01","warnings":[],
             "limits":[],"violations":[
               {"limit":"daily","meter":"cost","scope":"subject:ada","window":"day","window_start":"2026-11-22T00:00:00Z",
                "resets_at":"2026-11-23T00:00:00Z","max":"1.00","unlimited":false,"used":"0.995","held":"0.001",
                "remaining":"0.004","percent":99.6,"state":"warning"},
               {"limit":"monthly","meter":"ai_generation","scope":"subject:ada","window":"month","window_start":"2026-11-01T00:00:00Z",
                "resets_at":"2026-12-01T00:00:00Z","max":50,"unlimited":false,"used":50,"held":0,
                "remaining":0,"percent":100,"state":"exceeded"}]}""";

    private final Heard heard = new Heard();
    private FakeServer server = FakeServer.answering(FakeServer::well);

    @AfterEach
    void stop() {
        server.close();
    }

    private QuotaryClientBuilder builder() {
        return QuotaryClient.builder(server.url(), "qk_live_secret")
                .clock(InstantSource.fixed(NOW))
                .listener(heard)
                .closePatience(Duration.ofSeconds(1));
    }

    private void answers(Function<Asked, Reply> script) {
        server.then(script);
    }

    private static Function<Asked, Reply> first(int count, Reply reply) {
        var left = new AtomicInteger(count);
        return asked -> left.getAndDecrement() > 0 ? reply : FakeServer.well(asked);
    }

    @Test
    void call_is_reserved_and_committed_as_the_contract_says() {
        try (var client = builder().build()) {
            // When
            var reservation = client.reserve(CALL.tokens(900, 1000).ttl(Duration.ofMinutes(2)));
            var settled = reservation.commit(Usage.tokens(7, 5).latency(Duration.ofMillis(812)));
            // Then
            assertThat(reservation.id()).isEqualTo("rsv_1");
            assertThat(reservation.expiresAt()).contains(Instant.parse("2026-11-22T10:01:00Z"));
            assertThat(reservation.decision().estimatedCost()).contains(new BigDecimal("0.01"));
            assertThat(settled)
                    .isEqualTo(new Settled.Recorded("evt_1", new BigDecimal("0.001"), Map.of("tokens", 12L), false));
            assertThat(server.asked())
                    .containsExactly(
                            new Asked(
                                    "POST",
                                    "/api/v1/usage/reservations",
                                    "{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"id\":\"c-1\",\"subject\":\"ada\","
                                            + "\"quantities\":{\"tokens.input\":900,\"tokens.output\":1000},\"ttl_seconds\":120}",
                                    "Bearer qk_live_secret"),
                            new Asked(
                                    "POST",
                                    "/api/v1/usage/reservations/rsv_1/commit",
                                    "{\"quantities\":{\"tokens.input\":7,\"tokens.output\":5},\"latency_ms\":812}",
                                    "Bearer qk_live_secret"));
        }
    }

    @Test
    void failing_request_is_sent_three_times_under_one_id() {
        // Given
        answers(first(2, FakeServer.BREAKS_OFF));
        try (var client = builder().build()) {
            // When
            client.reserve(Call.of().subject("ada")).release();
            // Then
            var bodies = server.bodies().subList(0, 3);
            assertThat(bodies).hasSize(3).containsOnly(bodies.getFirst());
            assertThat(bodies.getFirst()).matches("\\{\"subject\":\"ada\",\"id\":\"sdk_[0-9a-f]{32}\"}");
        }
    }

    @Test
    void ids_are_new_for_every_call() {
        try (var client = builder().build()) {
            client.reserve(Call.of()).close();
            client.reserve(Call.of()).close();
            var ids = server.asked().stream()
                    .filter(asked -> asked.path().endsWith("/reservations"))
                    .map(Asked::body)
                    .toList();
            assertThat(ids).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Test
    void refusal_tells_limit_use_reset_and_upgrade() {
        // Given
        answers(asked -> new Reply(402, DENIED, Map.of("Retry-After", "50400")));
        try (var client = builder().build()) {
            // When
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> client.reserve(CALL))
                    .withMessage("No more.")
                    .satisfies(refusal -> {
                        // Then
                        assertThat(refusal.status()).isEqualTo(402);
                        assertThat(refusal.code()).isEqualTo("USAGE_LIMIT_EXCEEDED");
                        assertThat(refusal.upgradeUrl()).contains("/billing");
                        assertThat(refusal.retryAfter()).contains(Duration.ofHours(14));
                        assertThat(refusal.resetsAt()).contains(Instant.parse("2026-12-01T00:00:00Z"));
                        assertThat(refusal.limit().max()).contains(new BigDecimal("1.00"));
                        assertThat(refusal.limit().used()).isEqualTo("0.995");
                        assertThat(refusal.limit().held()).isEqualTo("0.001");
                        assertThat(refusal.decision().violations())
                                .extracting(LimitState::limit)
                                .containsExactly("daily", "monthly");
                    });
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void refusal_of_a_call_within_a_call_is_a_failure_of_the_outer_one() {
        // Given
        var within =
                new LimitExceededException(Decision.read(new Answer(402, JsonReader.read(DENIED), Optional.empty())));
        try (var client = builder().build()) {
            // When
            var outer = client.wrapAsync(
                    CALL, () -> CompletableFuture.<String>failedFuture(within), answer -> Usage.asHeld());
            // Then
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(outer::join)
                    .withCause(within);
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> client.wrap(
                            CALL,
                            () -> {
                                throw within;
                            },
                            answer -> Usage.asHeld()))
                    .isSameAs(within);
            assertThat(server.bodies().getLast())
                    .isEqualTo("{\"outcome\":\"error\",\"error_type\":\"LimitExceededException\",\"latency_ms\":0}");
        }
    }

    @Test
    void extension_is_sent_once_as_a_repeat_would_hold_more() {
        try (var client = builder().build()) {
            var reservation = client.reserve(CALL.organization("acme"));
            answers(asked -> Reply.problem(503, "STORE_UNAVAILABLE", ""));
            // When
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> reservation.extend(Call.of().quantity("tokens.output", 500)));
            // Then
            assertThat(server.asked()).hasSize(2);
            assertThat(server.bodies().getLast())
                    .isEqualTo("{\"organization\":\"acme\",\"quantities\":{\"tokens.output\":500}}");
        }
    }

    @Test
    void release_of_what_is_not_held_any_more_is_done() {
        try (var client = builder().build()) {
            var reservation = client.reserve(CALL);
            answers(asked -> Reply.problem(404, "RESERVATION_UNKNOWN", ""));
            // When
            reservation.release();
            // Then
            assertThat(server.asked().getLast().path()).isEqualTo("/api/v1/usage/reservations/rsv_1/release");
            assertThatIllegalStateException().isThrownBy(() -> reservation.commit(Usage.asHeld()));
        }
    }

    @Test
    void reservation_that_nobody_settled_is_given_back_when_it_is_closed() {
        try (var client = builder().build()) {
            var released = new CountDownLatch(1);
            answers(asked -> {
                if (asked.path().endsWith("/release")) {
                    released.countDown();
                    return Reply.of(200, "{\"id\":\"rsv_1\",\"released\":true}");
                }
                return FakeServer.well(asked);
            });
            // When
            try (var reservation = client.reserve(CALL)) {
                assertThat(reservation.decision().allowed()).isTrue();
            }
            // Then
            assertThat(Waits.on(released)).isTrue();
        }
    }

    @Test
    void mistakes_are_told_at_once_with_their_place() {
        // Given
        answers(asked -> Reply.problem(400, "INVALID_REQUEST", "/quantities/requests"));
        try (var client = builder().build()) {
            // When
            assertThatExceptionOfType(RequestRefusedException.class)
                    .isThrownBy(() -> client.check(CALL))
                    .withMessage("400 INVALID_REQUEST: told")
                    .satisfies(refused -> {
                        assertThat(refused.status()).isEqualTo(400);
                        assertThat(refused.pointer()).contains("/quantities/requests");
                    });
            // Then
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void open_client_lets_calls_pass_while_nobody_answers_and_a_closed_one_does_not() {
        // Given
        server.close();
        try (var open = builder().build();
                var shut = builder().whenUnavailable(WhenUnavailable.REFUSE).build()) {
            // When
            var checked = open.check(CALL);
            var reserved = open.reserve(CALL);
            // Then
            assertThat(checked).isEqualTo(Decision.unasked());
            assertThat(checked.verdict()).isEqualTo("allowed_unmetered");
            assertThat(reserved.id()).isEqualTo("c-1");
            assertThat(reserved.decision().unmetered()).isTrue();
            assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> shut.check(CALL));
            assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> shut.reserve(CALL));
        }
    }

    @Test
    void store_that_is_away_is_the_operators_decision_and_not_the_clients() {
        // Given
        answers(asked -> Reply.problem(503, "STORE_UNAVAILABLE", ""));
        try (var open = builder().build()) {
            assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> open.reserve(CALL));
            answers(asked -> Reply.problem(503, "SERVER_STOPPING", ""));
            assertThat(open.reserve(CALL).decision().unmetered()).isTrue();
        }
    }

    @Test
    void slow_server_is_waited_for_no_longer_than_told() {
        // Given
        var over = new CountDownLatch(1);
        answers(asked -> {
            Waits.on(over);
            return FakeServer.GRANTED;
        });
        try (var client = builder()
                .timeout(Duration.ofMillis(200))
                .whenUnavailable(WhenUnavailable.REFUSE)
                .build()) {
            // When
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> client.reserve(CALL))
                    .withMessageContaining("no answer within 200 ms");
            // Then
            assertThat(server.asked()).hasSize(1);
        } finally {
            over.countDown();
        }
    }

    @Test
    void answers_that_are_none_of_the_servers_say_nothing() {
        try (var client = builder().whenUnavailable(WhenUnavailable.REFUSE).build()) {
            for (var reply : new Reply[] {
                Reply.of(200, "<html>Welcome</html>"),
                Reply.of(200, "{}"),
                Reply.of(201, "{\"allowed\":true,\"decision\":\"allowed\"}"),
                Reply.of(404, "Not here"),
                Reply.of(429, "Slow down"),
                new Reply(302, "", Map.of("Location", "http://127.0.0.1:1/")),
                Reply.of(201, "[".repeat(100_000)),
                Reply.of(201, " ".repeat(BoundedBody.BYTES_MAX + 1))
            }) {
                answers(asked -> reply);
                assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> client.reserve(CALL));
            }
        }
    }

    @Test
    void key_is_in_no_message() {
        // Given
        server.close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaryClient.builder(server.url(), "qk_live_secret\n"))
                .withMessageNotContaining("secret");
        assertThatIllegalArgumentException().isThrownBy(() -> QuotaryClient.builder(URI.create("ftp://a"), "k"));
        try (var client = builder().whenUnavailable(WhenUnavailable.REFUSE).build()) {
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> client.reserve(CALL))
                    .satisfies(e -> assertThat(e + " " + e.getCause()).doesNotContain("secret"));
        }
    }

    @Test
    void threads_are_few_and_end_when_it_is_closed() {
        // Given
        var before = threads();
        var client = builder().build();
        for (int i = 0; i < 50; i++) {
            client.recordAsync(CALL, Usage.tokens(1, 1)).join();
            assertThat(client.recordLater(CALL, Usage.tokens(1, 1))).isTrue();
        }
        // When
        long during = threads() - before;
        client.close();
        // Then
        assertThat(during).isBetween(2L, 4L);
        Waits.until(() -> threads() == before);
        assertThatIllegalStateException().isThrownBy(() -> client.reserve(CALL)).withMessageContaining("closed");
    }

    @Test
    void what_follows_on_a_future_may_block_without_stopping_the_client() {
        try (var client = builder().build()) {
            // When: more of them wait for the client than it has threads
            var nested = IntStream.range(0, 10)
                    .mapToObj(i -> client.checkAsync(CALL).thenApply(decision -> client.check(CALL)))
                    .toList();
            // Then
            assertThat(nested)
                    .allSatisfy(each -> assertThat(each.join().allowed()).isTrue());
        }
    }

    @Test
    void more_requests_than_connections_wait_for_each_other() {
        try (var client = builder().build()) {
            // When
            var all = IntStream.range(0, 3 * Transport.OPEN_MAX)
                    .mapToObj(i -> client.recordAsync(CALL.id("r" + i), Usage.asHeld()))
                    .toList();
            // Then
            assertThat(all).allSatisfy(each -> assertThat(each.join()).isInstanceOf(Settled.Recorded.class));
            assertThat(server.bodies()).doesNotHaveDuplicates().hasSize(3 * Transport.OPEN_MAX);
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("quotary-") || name.startsWith("HttpClient-"))
                .count();
    }

    @Test
    void interrupted_caller_leaves_at_once_and_gives_back_what_it_gets_afterwards() throws InterruptedException {
        // Given
        var arrived = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        answers(asked -> {
            if (asked.path().endsWith("/release")) {
                released.countDown();
                return Reply.of(200, "{\"id\":\"rsv_1\",\"released\":true}");
            }
            arrived.countDown();
            Waits.on(mayAnswer);
            return FakeServer.GRANTED;
        });
        try (var client = builder().build()) {
            var caller = Thread.ofVirtual()
                    .unstarted(() -> assertThatExceptionOfType(UnavailableException.class)
                            .isThrownBy(() -> client.reserve(CALL))
                            .withMessageContaining("interrupted"));
            caller.start();
            Waits.on(arrived);
            // When
            caller.interrupt();
            // Then
            assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
            mayAnswer.countDown();
            assertThat(Waits.on(released)).isTrue();
        }
    }
}
