package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Throttle;
import dev.quotary.provider.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiErrorsTest {
    private static final OpenAiErrors ERRORS = new OpenAiErrors(new Json());

    @ParameterizedTest
    @CsvSource({"38-gateway-openai-402, QUOTA_EXHAUSTED", "39-gateway-openai-429, REQUESTS_THROTTLED"})
    void refusals_are_the_recorded_bodies(String name, Refusal kind) {
        // Given
        JsonNode response = Sample.of(name).exchange().path("response");
        String text = response.at("/body/error/message").asText();

        // When
        byte[] body = ERRORS.body(RefusalMessage.of(kind, text));

        // Then
        assertThat(body).isEqualTo(Sample.bytes(response.path("body")));
        assertThat(kind.status()).isEqualTo(response.path("status").asInt());
    }

    @Test
    void throttle_has_the_recorded_headers() {
        // Given
        JsonNode recorded = Sample.of("39-gateway-openai-429").exchange().at("/response/headers");

        // When
        Map<String, String> headers =
                ERRORS.headers(new Throttle(Throttle.Rate.REQUESTS, 60, 0, Duration.ofMillis(6400)));

        // Then
        assertThat(headers).hasSize(5);
        headers.forEach((name, value) ->
                assertThat(value).as(name).isEqualTo(recorded.path(name).asText()));
    }

    @Test
    void throttle_rounds_up_and_stops_retries_of_the_impatient() {
        // Given
        var throttle =
                new Throttle(Throttle.Rate.TOKENS, 5, 2, Duration.ofSeconds(30).plusNanos(1));

        // When
        Map<String, String> headers = ERRORS.headers(throttle);

        // Then
        assertThat(headers)
                .isEqualTo(Map.of(
                        "retry-after", "31",
                        "retry-after-ms", "30001",
                        "x-ratelimit-limit-tokens", "5",
                        "x-ratelimit-remaining-tokens", "2",
                        "x-ratelimit-reset-tokens", "30.001s",
                        "x-should-retry", "false"));
    }

    @Test
    void calls_refused_for_good_are_not_to_be_repeated() {
        assertThat(ERRORS.headers(Refusal.QUOTA_EXHAUSTED)).isEqualTo(Map.of("x-should-retry", "false"));
        assertThat(ERRORS.headers(Refusal.PROVIDER_FAILED)).isEmpty();
    }

    @Test
    void rejected_request_names_its_param() throws IOException {
        // Given
        var message = RefusalMessage.of(Rejected.of("Invalid 'n'.", "n"));

        // When
        JsonNode error = Sample.MAPPER.readTree(ERRORS.body(message)).path("error");

        // Then
        assertThat(error.toString())
                .isEqualTo(
                        "{\"message\":\"Invalid 'n'.\",\"type\":\"invalid_request_error\",\"param\":\"n\",\"code\":null}");
    }

    @Test
    void code_can_be_told_apart_from_the_kind() throws IOException {
        // Given
        var message = new RefusalMessage(
                Refusal.FORBIDDEN, "No price.", Optional.of("model"), Optional.of("model_not_priced"));

        // When
        JsonNode error = Sample.MAPPER.readTree(ERRORS.body(message)).path("error");

        // Then
        assertThat(error.path("code").asText()).isEqualTo("model_not_priced");
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void hostile_text_stays_inside_its_string_and_its_event(Refusal kind) throws IOException {
        // Given
        String text = "\"}\n\ndata: [DONE]\r\n\u0000 é 😀 \ud83d";

        // When
        String event = new String(ERRORS.event(RefusalMessage.of(kind, text)), StandardCharsets.UTF_8);

        // Then
        assertThat(event).startsWith("data: {\"error\":{\"message\":").endsWith("}}\n\n");
        assertThat(event.strip()).doesNotContain("\n", "\r");
        assertThat(Sample.MAPPER
                        .readTree(event.substring(6))
                        .at("/error/message")
                        .asText())
                .isEqualTo(text.replace('\ud83d', '?').replace("?\ude00", "😀"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ms",
        "12, 12ms",
        "999, 999ms",
        "1000, 1s",
        "6400, 6.4s",
        "59999, 59.999s",
        "60000, 1m0s",
        "360000, 6m0s",
        "61050, 1m1.05s",
        "3600000, 1h0m0s",
        "3661001, 1h1m1.001s",
        "86400000, 24h0m0s"
    })
    void durations_are_written_as_go_writes_them(long millis, String text) {
        assertThat(GoDuration.ofMillis(millis)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"m\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}|requests|rate_limit_exceeded",
                "{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"code\":null}}|server_error|",
                "{\"error\":{\"code\":402,\"message\":\"m\",\"metadata\":{\"x\":[1]}}}||402",
                "{\"code\":\"some-code\",\"error\":\"a sentence\"}||some-code",
                "{\"error\":{\"type\":{\"a\":1},\"code\":[2]}}||"
            })
    void errors_of_providers_are_classified(String body, String type, String code) {
        // When
        Optional<ProviderError> error =
                Requests.format(ChatDialect.XAI).readError(body.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(error).contains(new ProviderError(Optional.ofNullable(type), Optional.ofNullable(code)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{}", "[]", "{\"error\":null}", "{\"error\":{\"type\":\"x\""})
    void bodies_without_an_error_have_none(String body) {
        assertThat(Requests.format(ChatDialect.OPENAI).readError(body.getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }
}
