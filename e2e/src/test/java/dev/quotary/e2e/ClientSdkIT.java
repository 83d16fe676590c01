package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.client.Attempt;
import dev.quotary.client.Call;
import dev.quotary.client.LimitExceededException;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.RequestRefusedException;
import dev.quotary.client.Settled;
import dev.quotary.client.Usage;
import dev.quotary.e2e.TestServer.Setup;
import dev.quotary.testkit.FakeClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java SDK against a real server: what apps see, and what the ledger has afterwards. */
@Timeout(60)
class ClientSdkIT {
    private static final String ANSWER = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":
            {"role":"assistant","content":"%s"},"finish_reason":"stop"}],
            "usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150}}""";
    private static final Call GENERATION = Call.of().subject("ada").quantity("ai_generation", 1);

    @TempDir
    private Path directory;

    private final FakeClock clock = new FakeClock(TestServer.NOW);
    private TestServer server;
    private QuotaryClient client;

    @BeforeEach
    void start() {
        server = TestServer.start(
                directory,
                clock,
                Setup.of(
                                URI.create("http://127.0.0.1:9"),
                                "{ key: generations, meter: ai_generation, per: subject, window: month, max: 50 }",
                                "{ key: daily-cost, meter: cost, per: subject, window: day, max: '1.00' }",
                                "{ key: rpm, meter: requests, per: subject, window: minute, max: 100 }")
                        .more("meters: [ { key: ai_generation, aggregation: count } ]"));
        client = client(server.serviceKey());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private QuotaryClient client(String key) {
        return QuotaryClient.builder(URI.create(server.url()), key).clock(clock).build();
    }

    private JsonNode event(Settled settled) {
        return server.event(((Settled.Recorded) settled).eventId());
    }

    @Test
    void call_round_which_it_is_put_is_held_made_and_charged_what_the_provider_said() {
        // When
        var attempt = client.wrap(
                Call.of("openai", "gpt-4o-mini").subject("ada").feature("chat").tokens(900, 1000),
                () -> ANSWER.formatted("x".repeat(500)),
                Usage::response);
        // Then
        var done = (Attempt.Done<String>) attempt;
        assertThat(done.decision().estimatedCost()).contains(new BigDecimal("0.000735"));
        var settled = (Settled.Recorded) done.settled();
        assertThat(settled.cost()).isEqualTo("0.000045");
        assertThat(settled.quantities())
                .isEqualTo(Map.of("requests", 1L, "tokens", 150L, "tokens.input", 100L, "tokens.output", 50L));
        assertThat(settled.late()).isFalse();
        var event = event(settled);
        assertThat(event.get("feature").asText()).isEqualTo("chat");
        assertThat(event.get("source").asText()).isEqualTo("provider");
        assertThat(event.get("outcome").asText()).isEqualTo("success");
        var limit = client.status("ada").limit("daily-cost").orElseThrow();
        assertThat(limit.used()).isEqualTo("0.000045");
        assertThat(limit.held()).isEqualTo("0");
    }

    @Test
    void budget_with_a_cent_left_refuses_five_and_lets_one_pass() {
        // Given
        client.record(Call.of().subject("ada"), Usage.asHeld().cost(new BigDecimal("0.99")));
        // When
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> client.reserve(Call.of().subject("ada").cost(new BigDecimal("0.05"))))
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(402);
                    assertThat(refusal.upgradeUrl()).contains("/settings/billing");
                    assertThat(refusal.limit().limit()).isEqualTo("daily-cost");
                    assertThat(refusal.limit().used()).isEqualTo("0.99");
                    assertThat(refusal.limit().max()).contains(new BigDecimal("1"));
                    assertThat(refusal.resetsAt()).contains(Instant.parse("2026-11-23T00:00:00Z"));
                });
        var passed = client.reserve(Call.of().subject("ada").cost(new BigDecimal("0.01")));
        // Then
        assertThat(passed.decision().allowed()).isTrue();
        assertThat(client.check(Call.of().subject("ada").cost(new BigDecimal("0.01")))
                        .allowed())
                .isFalse();
    }

    @Test
    void of_two_hundred_callers_with_ten_left_exactly_ten_get_to_their_provider() {
        // Given
        client.record(Call.of().subject("ada"), Usage.of("ai_generation", 40));
        var made = new AtomicInteger();
        // When
        var attempts =
                Together.call(200, number -> client.wrap(GENERATION, made::incrementAndGet, answer -> Usage.asHeld()));
        // Then
        assertThat(attempts.stream().filter(Attempt.Done.class::isInstance)).hasSize(10);
        assertThat(made).hasValue(10);
        assertThat(server.limit("ada", "generations").get("used").asLong()).isEqualTo(50);
        assertThat(server.limit("ada", "generations").get("held").asLong()).isZero();
    }

    @Test
    void refusal_is_told_in_the_servers_words_before_anything_is_called() {
        // Given
        client.record(Call.of().subject("ada"), Usage.of("ai_generation", 50));
        // When
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> client.execute(
                        GENERATION,
                        () -> {
                            throw new AssertionError("called");
                        },
                        answer -> Usage.asHeld()))
                .withMessage(
                        "Usage limit exceeded for ai_generation. Your free plan allows 50 per month. You've used 50.");
        // Then
        assertThat(client.status("ada").limit("generations").orElseThrow().resetsAt())
                .contains(Instant.parse("2026-12-01T00:00:00Z"));
    }

    @Test
    void call_that_fails_throws_what_it_threw_and_charges_the_request_alone() {
        // Given
        var failure = new IOException("no route");
        var call = GENERATION.quantity("requests", 1);
        // When
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> client.execute(
                        call,
                        () -> {
                            throw failure;
                        },
                        answer -> Usage.asHeld()))
                .isSameAs(failure);
        // Then
        assertThat(server.limit("ada", "generations").get("used").asLong()).isZero();
        assertThat(server.limit("ada", "rpm").get("used").asLong()).isEqualTo(1);
    }

    @Test
    void usage_that_cannot_be_read_is_charged_as_held() {
        // When
        var answer = client.execute(GENERATION, () -> "no JSON", Usage::response);
        // Then
        assertThat(answer).isEqualTo("no JSON");
        assertThat(server.limit("ada", "generations").get("used").asLong()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02-openai-chat-cached-reasoning",
                "03-openai-chat-cache-write",
                "09-openai-responses-tools-cachewrite",
                "13-openai-embeddings",
                "15-openai-transcription-duration",
                "17-openai-tier-priority",
                "19-anthropic-cache-write-read",
                "27-gemini-thoughts-cache-tools",
                "33-xai-reasoning-additive"
            })
    void answer_without_its_long_texts_says_the_same(String sample) {
        // Given
        var answer = Sample.load(sample).answerJson();
        var whole = server.api()
                .post("/api/v1/usage/records", "{\"subject\":\"ada\",\"provider_response\":" + answer + "}")
                .expect(200);
        // When
        var settled = client.record(Call.of().subject("ada"), Usage.response(answer.toString()));
        // Then
        var expected = server.event(whole.at("/events/0/id").asText());
        var event = event(settled);
        for (var member : List.of("quantities", "cost", "tokens", "model", "receipt", "parts")) {
            assertThat(event.get(member)).as(member).isEqualTo(expected.get(member));
        }
    }

    @Test
    void calls_that_do_not_wait_are_metered_the_same_way() {
        // Given
        var running = new CompletableFuture<String>();
        // When
        var answer = client.executeAsync(
                Call.of("openai", "gpt-4o-mini").subject("ada").tokens(10, 10), () -> running, Usage::response);
        Await.until(() -> server.limit("ada", "daily-cost").get("held").asText(), held -> !held.equals("0"));
        running.complete(ANSWER.formatted("Hello"));
        // Then
        assertThat(answer.join()).contains("Hello");
        assertThat(server.limit("ada", "daily-cost").get("used").asText()).isEqualTo("0.000045");
        var failed = client.executeAsync(
                GENERATION, () -> CompletableFuture.failedFuture(new IOException("x")), done -> Usage.asHeld());
        assertThat(failed.handle((value, failure) -> failure).join()).hasRootCauseInstanceOf(IOException.class);
        client.record(Call.of().subject("ada"), Usage.of("ai_generation", 50));
        var refused = client.executeAsync(GENERATION, () -> running, done -> Usage.asHeld());
        assertThat(refused.handle((value, failure) -> failure).join())
                .hasRootCauseInstanceOf(LimitExceededException.class);
    }

    @Test
    void stream_is_charged_what_its_last_item_said_and_ends_after_that() {
        // Given
        var source = new SubmissionPublisher<Integer>();
        var items = new Items();
        var stream = client.<Integer>executeStream(
                Call.of("openai", "gpt-4o-mini").subject("ada").tokens(100, 100),
                () -> source,
                written -> written == 0 ? Optional.empty() : Optional.of(Usage.tokens(100, written)));
        // When
        stream.subscribe(items);
        Await.until(source::getNumberOfSubscribers, count -> count == 1);
        source.submit(25);
        source.submit(50);
        source.submit(0);
        source.close();
        // Then
        assertThat(items.end.join()).isEqualTo(List.of(25, 50, 0));
        assertThat(server.limit("ada", "daily-cost").get("used").asText()).isEqualTo("0.000045");
        assertThat(server.limit("ada", "daily-cost").get("held").asText()).isEqualTo("0");
    }

    @Test
    void stream_that_is_left_is_charged_as_held_and_one_that_is_refused_is_not_begun() {
        // Given
        var source = new SubmissionPublisher<Integer>();
        var items = new Items();
        client.<Integer>executeStream(GENERATION, () -> source, item -> Optional.empty())
                .subscribe(items);
        Await.until(source::getNumberOfSubscribers, count -> count == 1);
        source.submit(1);
        Await.until(items.seen::get, seen -> seen == 1);
        // When
        Objects.requireNonNull(items.subscription).cancel();
        // Then
        Await.until(() -> server.limit("ada", "generations").get("used").asLong(), used -> used == 1);
        client.record(Call.of().subject("ada"), Usage.of("ai_generation", 49));
        var refused = new Items();
        client.<Integer>executeStream(
                        GENERATION,
                        () -> {
                            throw new AssertionError("begun");
                        },
                        item -> Optional.empty())
                .subscribe(refused);
        assertThat(refused.end.handle((value, failure) -> failure).join()).isInstanceOf(LimitExceededException.class);
    }

    private static final class Items implements Flow.Subscriber<Integer> {
        private final CompletableFuture<List<Integer>> end = new CompletableFuture<>();
        private final List<Integer> items = new CopyOnWriteArrayList<>();
        private final AtomicInteger seen = new AtomicInteger();
        private volatile Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription opened) {
            subscription = opened;
            opened.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer item) {
            items.add(item);
            seen.incrementAndGet();
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(items);
        }
    }

    @Test
    void estimate_is_that_of_the_server() {
        // When
        var estimate = client.estimate("openai", "gpt-4o-mini", "Write a haiku about quotas.", 100);
        // Then
        var expected = server.api()
                .post(
                        "/api/v1/usage/estimate",
                        "{\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"text\":\"Write a haiku about quotas.\","
                                + "\"max_output_tokens\":100}")
                .expect(200);
        assertThat(estimate.inputTokens())
                .isEqualTo(expected.at("/tokens/input").asLong());
        assertThat(estimate.outputTokens()).isEqualTo(100);
        assertThat(estimate.cost()).contains(new BigDecimal(expected.get("cost").asText()));
        assertThat(estimate.costMax())
                .contains(new BigDecimal(expected.at("/upper_bound/cost").asText()));
        assertThat(client.estimate("openai", "gpt-4o-mini", List.of(Map.of("role", "user", "content", "Hi")), 10)
                        .outputTokensMax())
                .isEqualTo(10);
    }

    @Test
    void reservation_is_extended_and_released() {
        // Given
        var reservation = client.reserve(GENERATION.ttl(Duration.ofSeconds(30)));
        assertThat(reservation.expiresAt()).contains(TestServer.NOW.plusSeconds(30));
        // When
        var extended = reservation.extend(Call.of().quantity("ai_generation", 4).ttl(Duration.ofSeconds(90)));
        // Then
        assertThat(reservation.expiresAt()).contains(TestServer.NOW.plusSeconds(90));
        assertThat(extended.limits().getFirst().held()).isEqualTo("5");
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> reservation.extend(Call.of().quantity("ai_generation", 46)));
        reservation.release();
        assertThat(server.limit("ada", "generations").get("held").asLong()).isZero();
    }

    @Test
    void keys_say_what_they_may() {
        try (var stranger = client("qk_live_nobody");
                var own = client(server.keyOf("ada"))) {
            assertThatExceptionOfType(RequestRefusedException.class)
                    .isThrownBy(() -> stranger.reserve(GENERATION))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo("UNAUTHENTICATED"));
            assertThat(own.reserve(Call.of().quantity("ai_generation", 1))
                            .decision()
                            .allowed())
                    .isTrue();
            assertThat(own.status().subject()).contains("ada");
            assertThatExceptionOfType(RequestRefusedException.class)
                    .isThrownBy(() -> own.status("bob"))
                    .satisfies(refused -> assertThat(refused.status()).isEqualTo(403));
            assertThatExceptionOfType(RequestRefusedException.class)
                    .isThrownBy(() -> client.reserve(Call.of().subject("eve")))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo("SUBJECT_BLOCKED"));
            assertThatExceptionOfType(RequestRefusedException.class)
                    .isThrownBy(() -> client.record(Call.of().subject("ada"), Usage.of("unheard", 1)))
                    .satisfies(refused -> assertThat(refused.pointer()).contains("/quantities/unheard"));
        }
    }

    @Test
    void late_commit_counts_and_says_so() {
        // Given
        var reservation = client.reserve(GENERATION.ttl(Duration.ofSeconds(30)));
        clock.advance(Duration.ofMinutes(5));
        // When
        var settled = (Settled.Recorded) reservation.commit(Usage.asHeld());
        // Then
        assertThat(settled.late()).isTrue();
        assertThat(server.limit("ada", "generations").get("used").asLong()).isEqualTo(1);
    }
}
