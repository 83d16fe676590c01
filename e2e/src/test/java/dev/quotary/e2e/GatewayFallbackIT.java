package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.RawHttp.Message;
import dev.quotary.e2e.TestServer.Setup;
import dev.quotary.testkit.FakeClock;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that another provider or model serves. */
@Timeout(60)
class GatewayFallbackIT {
    private static final String CALLS = "{ key: calls, meter: requests, per: subject, window: day, max: 100 }";
    private static final String PRICES = """
            prices:
              - { provider: openai, model: gpt-4o-mini, input: "1", output: "10" }
              - { provider: openai, model: cheap, input: "0.1", output: "1" }
              - { provider: other, model: gpt-4o-mini, input: "2", output: "20" }
              - { provider: other, model: dear, input: "1000", output: "1000" }
            """;
    /** Elsewhere at the same model, answered with 30 tokens in and 4 out: 30 * 2 + 4 * 20 millionths of a dollar. */
    private static final String COST_ELSEWHERE = "0.00014";

    @TempDir
    private Path directory;

    private CannedProvider first;
    private CannedProvider second;

    @BeforeEach
    void start() {
        first = CannedProvider.start(
                CannedProvider.whole(503, List.of(), Chat.bytes("{\"error\":{\"message\":\"no\"}}")));
        second = CannedProvider.start(CannedProvider.json(Chat.answer(30, 4)));
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private TestServer server(String settings, String... limits) {
        return server(first.baseUrl(), settings, limits);
    }

    private TestServer server(URI url, String settings, String... limits) {
        var yaml = "providers: { openai: { base_url: '" + url + "', api_key: sk-first, " + settings
                + " }, other: { base_url: '" + second.baseUrl() + "', api_key: sk-second } }";
        var setup = Setup.of(first.baseUrl(), limits.length == 0 ? new String[] {CALLS} : limits)
                .more(PRICES);
        return TestServer.configured(directory, new FakeClock(TestServer.NOW), setup, yaml);
    }

    private static JsonNode assertServedElsewhere(TestServer server, Message answer, String why) {
        assertThat(answer.status()).isEqualTo(200);
        var event = server.event(answer);
        assertThat(event.get("provider").asText()).isEqualTo("other");
        assertThat(event.get("outcome").asText()).isEqualTo("success");
        assertThat(event.at("/metadata/quotary/fallback_from").asText()).isEqualTo("openai/gpt-4o-mini");
        assertThat(event.at("/metadata/quotary/fallback_why").asText()).isEqualTo(why);
        return event;
    }

    @Test
    void call_that_its_provider_fails_is_served_and_priced_by_another_and_charged_once() {
        // Given
        try (var server = server("fallback: [ { provider: other } ]")) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            var event = assertServedElsewhere(server, answer, "http_503");
            assertThat(event.get("cost").asText()).isEqualTo(COST_ELSEWHERE);
            assertThat(event.at("/metadata/quotary/attempts").asInt()).isEqualTo(2);
            assertThat(first.calls()).isEqualTo(1);
            var sent = second.taken();
            assertThat(sent.header("authorization")).hasValue("Bearer sk-second");
            assertThat(sent.text()).isEqualTo(Chat.CAPPED);
            assertThat(server.limit("ada", "calls").get("used").asInt()).isEqualTo(1);
            assertThat(server.limit("ada", "calls").get("held").asInt()).isZero();
        }
    }

    @Test
    void stream_falls_back_before_its_first_byte() {
        // Given
        second.answers(
                CannedProvider.stream(Chat.EVENT_STREAM, List.of(Chat.bytes(Chat.chunk("Hi") + Chat.end(30, 4)))));
        try (var server = server("fallback: [ { provider: other } ]")) {
            // When
            var answer = server.chat("ada", Chat.STREAMED);
            // Then
            var event = assertServedElsewhere(server, answer, "http_503");
            assertThat(event.get("cost").asText()).isEqualTo(COST_ELSEWHERE);
            assertThat(answer.text()).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void stream_that_has_begun_stays_where_it_is() {
        // Given
        first.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hi")));
            to.hangUp();
        });
        try (var server = server("retries: { attempts: 3, backoff: 1ms }, fallback: [ { provider: other } ]")) {
            // When
            var answer = server.chat("ada", Chat.STREAMED);
            // Then
            assertThat(answer.text()).contains("broke the stream off");
            assertThat(server.event(answer).get("provider").asText()).isEqualTo("openai");
            assertThat(second.calls()).isZero();
        }
    }

    @Test
    void provider_that_does_not_answer_in_time_or_at_all_gives_way() {
        // Given
        var over = new CountDownLatch(1);
        first.answers((_, to) -> to.await(over));
        try (var server =
                server("first_byte_timeout: 200ms, breaker: { failures: 1 }, fallback: [ { provider: other } ]")) {
            // When
            var late = server.chat("ada", Chat.CAPPED);
            var leftAlone = server.chat("ada", Chat.CAPPED);
            over.countDown();
            // Then
            assertServedElsewhere(server, late, "provider_timeout");
            assertServedElsewhere(server, leftAlone, "provider_left_alone");
            assertThat(first.calls()).isEqualTo(1);
        }
    }

    @Test
    void wrong_request_is_answered_by_the_provider_it_was_sent_to() {
        // Given
        first.answers(CannedProvider.whole(400, List.of(), Chat.bytes("{\"error\":{\"message\":\"bad\"}}")));
        try (var server = server("fallback: [ { provider: other } ]")) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(answer.status()).isEqualTo(400);
            assertThat(second.calls()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Chat.CAPPED, Chat.STREAMED})
    void model_that_does_not_fit_the_budget_is_no_fallback_and_the_first_answer_is_passed_on(String body) {
        // Given: 30 tokens in and 5 out hold 35 thousandths of a dollar at the dear model
        var budget = "{ key: cost, meter: cost, per: subject, window: day, max: '0.03' }";
        try (var server = server("fallback: [ { provider: other, model: dear } ]", budget)) {
            // When
            var answer = server.chat("ada", body);
            // Then
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("{\"error\":{\"message\":\"no\"}}");
            assertThat(second.calls()).isZero();
            assertThat(server.event(answer).get("provider").asText()).isEqualTo("openai");
            assertThat(server.limit("ada", "cost").get("held").asText()).isIn("0", "0.0", "0.00");
        }
    }

    @Test
    void limits_of_the_other_model_hold_too() {
        // Given
        var elsewhere =
                "{ key: elsewhere, meter: requests, per: subject, window: day, max: 1, where: { provider: other } }";
        try (var server = server("fallback: [ { provider: other } ]", CALLS, elsewhere)) {
            // When
            var served = server.chat("ada", Chat.CAPPED);
            var refused = server.chat("ada", Chat.CAPPED);
            // Then
            assertServedElsewhere(server, served, "http_503");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(second.calls()).isEqualTo(1);
            assertThat(server.limit("ada", "elsewhere").get("used").asInt()).isEqualTo(1);
            assertThat(server.limit("ada", "calls").get("used").asInt()).isEqualTo(1);
        }
    }

    @Test
    void fallbacks_are_tried_in_their_order_for_the_models_they_are_for() {
        // Given
        try (var server = server("fallback: [ { for: 'o1*', provider: other, model: never },"
                + " { model: cheap }, { for: 'gpt-4o*', provider: other, model: gpt-4o-mini } ]")) {
            // When
            var answer = server.chat("ada", Chat.CAPPED);
            // Then
            assertServedElsewhere(server, answer, "http_503");
            assertThat(first.taken().text()).isEqualTo(Chat.CAPPED);
            assertThat(first.taken().text()).isEqualTo(Chat.CAPPED.replace("gpt-4o-mini", "cheap"));
            assertThat(second.taken().text()).isEqualTo(Chat.CAPPED);
        }
    }

    @Test
    void call_that_went_to_a_cheaper_model_stays_with_it_at_another_provider() {
        // Given
        var soft = "{ key: calls, meter: requests, per: subject, window: day, max: 10, warn_at: [20] }";
        try (var server =
                server("fallback: [ { model: cheap, when_limit: soft }, { for: '*', provider: other } ]", soft)) {
            // When
            server.chat("ada", Chat.CAPPED);
            var warned = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(warned.status()).isEqualTo(200);
            assertThat(second.taken().text()).isEqualTo(Chat.CAPPED);
            assertThat(second.taken().text()).isEqualTo(Chat.CAPPED.replace("gpt-4o-mini", "cheap"));
            var event = server.event(warned);
            assertThat(event.get("provider").asText()).isEqualTo("other");
            assertThat(event.get("model").asText()).isEqualTo("cheap");
            assertThat(event.at("/metadata/quotary/fallback_from").asText()).isEqualTo("openai/gpt-4o-mini");
            assertThat(server.limit("ada", "calls").get("used").asInt()).isEqualTo(2);
        }
    }

    @Test
    void cheaper_model_is_taken_once_a_warning_threshold_is_reached() {
        // Given
        first.answers(CannedProvider.json(Chat.answer(30, 4)));
        var soft = "{ key: calls, meter: requests, per: subject, window: day, max: 10, warn_at: [20] }";
        try (var server = server("fallback: [ { model: cheap, when_limit: soft } ]", soft)) {
            // When
            server.chat("ada", Chat.CAPPED);
            var warned = server.chat("ada", Chat.CAPPED);
            // Then
            assertThat(first.taken().text()).isEqualTo(Chat.CAPPED);
            assertThat(first.taken().text()).isEqualTo(Chat.CAPPED.replace("gpt-4o-mini", "cheap"));
            var event = server.event(warned);
            assertThat(event.get("model").asText()).isEqualTo("cheap");
            assertThat(event.at("/metadata/quotary/fallback_why").asText()).isEqualTo("soft_limit");
            assertThat(server.limit("ada", "calls").get("used").asInt()).isEqualTo(2);
        }
    }
}
