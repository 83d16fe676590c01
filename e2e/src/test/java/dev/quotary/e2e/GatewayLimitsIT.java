package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.TestServer.Setup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits on calls through the gateway: exact at the border, over every meter, scope and window, and under a crowd. */
@Timeout(60)
class GatewayLimitsIT {
    /** What one call of {@link #USED} uses, by meter. */
    private static final Map<String, String> ONE_CALL =
            Map.of("requests", "1", "tokens", "100", "tokens.input", "60", "tokens.output", "40", "cost", "0.000033");

    private static final String USED = Chat.answer(60, 40);

    @TempDir
    private Path directory;

    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(USED));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @ParameterizedTest
    @CsvSource({
        "requests, subject, minute, 429",
        "requests, subject, day, 402",
        "requests, subject, month, 402",
        "requests, organization, minute, 429",
        "requests, organization, day, 402",
        "requests, organization, month, 402",
        "tokens, subject, minute, 429",
        "tokens, subject, day, 402",
        "tokens, subject, month, 402",
        "tokens, organization, minute, 429",
        "tokens, organization, day, 402",
        "tokens, organization, month, 402",
        "cost, subject, minute, 429",
        "cost, subject, day, 402",
        "cost, subject, month, 402",
        "cost, organization, minute, 429",
        "cost, organization, day, 402",
        "cost, organization, month, 402",
        "tokens.input, subject, day, 402",
        "tokens.output, organization, day, 402"
    })
    void used_up_limit_refuses_until_its_window_ends(String meter, String scope, String window, int status) {
        // Given
        try (var server = server("{ key: only, meter: " + meter + ", per: " + scope + ", window: " + window + ", max: "
                + (meter.equals("cost") ? "'0.000033'" : ONE_CALL.get(meter)) + " }")) {
            var end = endOf(window);
            var first = server.chat("ada", Chat.CAPPED);
            // When
            var second = server.chat("ada", Chat.CAPPED);
            var others = server.chat("bob", Chat.CAPPED);
            // Then
            assertThat(first.status()).isEqualTo(200);
            assertThat(second.status()).isEqualTo(status);
            assertThat(second.header("X-Quotary-Decision")).hasValue("denied");
            assertThat(others.status()).isEqualTo(scope.equals("subject") ? 200 : status);
            assertThat(provider.calls()).isEqualTo(scope.equals("subject") ? 2 : 1);
            assertThat(server.limit("ada", "only").get("used").asText()).isEqualTo(ONE_CALL.get(meter));
            server.clock().set(end.minusMillis(1));
            assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(status);
            server.clock().set(end);
            assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
        }
    }

    @Test
    void refusal_names_every_limit_without_room_and_holds_nothing_on_the_others() {
        // Given
        try (var server = server(
                "{ key: calls, meter: requests, per: subject, window: day, max: 1 }",
                "{ key: roomy, meter: requests, per: organization, window: day, max: 1000 }",
                "{ key: team-tokens, meter: tokens, per: organization, window: month, max: 100 }",
                "{ key: other-model, meter: requests, per: subject, window: day, max: 0, where: { model: gpt-9 } }")) {
            server.chat("ada", Chat.CAPPED);
            // When
            var refused = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(refused.status()).isEqualTo(402);
            assertThat(refused.header("X-Quotary-Limit")).hasValue("calls, team-tokens");
            assertThat(refused.header("RateLimit"))
                    .hasValue("\"calls\";r=0;t=50400, \"roomy\";r=999;t=50400, \"team-tokens\";r=0;t=741600");
            assertThat(server.limit("ada", "roomy").get("used").asLong()).isEqualTo(1);
            assertThat(server.limit("ada", "roomy").get("held").asLong()).isZero();
            assertThat(server.limit("ada", "calls").get("held").asLong()).isZero();
        }
    }

    @Test
    void call_without_a_cap_passes_unchanged_while_there_is_room_for_all_its_model_can_write() {
        // Given
        try (var server = server("{ key: tokens, meter: tokens, per: subject, window: day, max: 16414 }")) {
            // When
            var answer = server.chat("ada", Chat.UNCAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(new String(provider.taken().body(), StandardCharsets.UTF_8))
                    .isEqualTo(Chat.UNCAPPED);
        }
    }

    @Test
    void call_without_a_cap_gets_the_largest_one_that_fits_near_the_limit() {
        // Given
        try (var server = server(
                "{ key: tokens, meter: tokens, per: subject, window: day, max: 16413 }",
                "{ key: team, meter: tokens, per: organization, window: day, max: 1000 }")) {
            // When
            server.chat("ada", Chat.UNCAPPED);
            // Then
            var sent = new String(provider.taken().body(), StandardCharsets.UTF_8);
            assertThat(sent)
                    .isEqualTo(Chat.UNCAPPED.replaceFirst("}$", ",\"max_completion_tokens\":" + (1000 - 30) + "}"));
        }
    }

    @Test
    void call_without_a_cap_is_refused_where_no_useful_answer_fits() {
        // Given
        try (var server = server("{ key: tokens, meter: tokens, per: subject, window: day, max: 45 }")) {
            // When
            var refused = server.chat("ada", Chat.UNCAPPED);
            // Then
            assertThat(refused.status()).isEqualTo(402);
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void cap_that_the_client_named_is_never_made_smaller() {
        // Given
        try (var server = server("{ key: tokens, meter: tokens, per: subject, window: day, max: 34 }")) {
            // When
            var refused = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(refused.status()).isEqualTo(402);
            assertThat(provider.calls()).isZero();
        }
    }

    @Test
    void crowd_gets_exactly_what_the_limit_allows() {
        // Given
        try (var server = server("{ key: calls, meter: requests, per: organization, window: day, max: 137 }")) {
            // When
            var answers = Together.call(500, i -> server.chat("s" + i % 7, Chat.CAPPED));
            // Then
            assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(137);
            assertThat(answers).filteredOn(answer -> answer.status() == 402).hasSize(363);
            assertThat(provider.calls()).isEqualTo(137);
            assertThat(server.limit("ada", "calls").get("used").asLong()).isEqualTo(137);
            assertThat(server.limit("ada", "calls").get("held").asLong()).isZero();
        }
    }

    @Test
    void crowd_of_running_calls_never_holds_more_than_the_limit() {
        // Given
        var refusals = new CountDownLatch(500 - 28);
        provider.answers((_, to) -> {
            to.await(refusals);
            to.whole(200, List.of(), Chat.bytes(Chat.answer(30, 4)));
        });
        try (var server = server("{ key: tokens, meter: tokens, per: organization, window: day, max: 1000 }")) {
            // When
            var answers = Together.call(500, i -> {
                var answer = server.chat("s" + i % 7, Chat.CAPPED);
                if (answer.status() == 402) {
                    refusals.countDown();
                }
                return answer;
            });
            // Then: 28 calls of 35 tokens fit into 1000
            assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(28);
            assertThat(provider.calls()).isEqualTo(28);
            assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(28 * 34);
            assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
        }
    }

    @Test
    void call_beyond_those_in_flight_may_come_again_soon_and_passes_when_one_has_ended() {
        // Given
        var mayEnd = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.await(mayEnd);
            to.whole(200, List.of(), Chat.bytes(USED));
        });
        try (var server = server("{ key: parallel, meter: requests, per: subject, window: in-flight, max: 1 }");
                var running = RawClient.connect(server.port())) {
            running.send(server.chatOf("ada", Chat.CAPPED));
            provider.taken();
            // When
            var refused = server.chat("ada", Chat.CAPPED);
            mayEnd.countDown();
            running.answer();
            // Then
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("retry-after")).hasValue("1");
            assertThat(refused.header("retry-after-ms")).hasValue("1000");
            assertThat(refused.header("x-should-retry")).isEmpty();
            assertThat(provider.calls()).isEqualTo(1);
            assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
        }
    }

    @Test
    void shadow_limit_refuses_nobody() {
        // Given
        try (var server = server(
                "{ key: shadow, meter: requests, per: subject, window: day, max: 1, exceeded: { action: shadow } }")) {
            server.chat("ada", Chat.CAPPED);
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(server.limit("ada", "shadow").get("state").asText()).isEqualTo("shadow");
        }
    }

    @Test
    void headers_tell_how_the_tightest_limit_stands() {
        // Given
        try (var server = server(
                "{ key: calls, meter: requests, per: subject, window: minute, max: 10, warn_at: [50] }",
                "{ key: budget, meter: cost, per: organization, window: month, max: \"500.00\" }")) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.header("X-Usage-Current")).hasValue("1");
            assertThat(answer.header("X-Usage-Limit")).hasValue("10");
            assertThat(answer.header("X-Usage-Remaining")).hasValue("9");
            assertThat(answer.header("X-Quotary-Decision")).hasValue("allowed");
            assertThat(answer.header("X-Quotary-Cost")).hasValue("0.000033");
            assertThat(answer.header("RateLimit-Policy"))
                    .hasValue("\"calls\";q=10;w=60, \"budget\";q=500000000;qu=\"usd-micros\";w=2592000");
            assertThat(answer.header("Retry-After")).isEmpty();
        }
    }

    /** Of the window that {@link TestServer#NOW} lies in. */
    private static Instant endOf(String window) {
        return Instant.parse(
                switch (window) {
                    case "minute" -> "2026-11-22T10:01:00Z";
                    case "day" -> "2026-11-23T00:00:00Z";
                    case "month" -> "2026-12-01T00:00:00Z";
                    default -> throw new IllegalArgumentException(window);
                });
    }

    private TestServer server(String... limits) {
        return TestServer.start(directory, Setup.of(provider.baseUrl(), limits));
    }
}
