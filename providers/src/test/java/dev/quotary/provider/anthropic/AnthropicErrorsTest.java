package dev.quotary.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Throttle;
import dev.quotary.provider.Throttle.Rate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AnthropicErrorsTest {
    private final AnthropicErrors errors = Messages.context().errors();

    @Test
    void throttle_is_worded_as_recorded() {
        // Given
        JsonNode sample = Messages.sample("41-gateway-anthropic-429");
        var message = RefusalMessage.of(
                Refusal.REQUESTS_THROTTLED,
                sample.at("/response/body/error/message").asText());
        // When
        var told = errors.ofRequest(() -> "req_tg04").body(message);
        // Then
        assertThat(new String(told, StandardCharsets.UTF_8))
                .isEqualTo(sample.at("/response/body").toString());
    }

    @Test
    void headers_of_a_throttle_are_those_recorded() {
        // Given
        JsonNode recorded = Messages.sample("41-gateway-anthropic-429").at("/response/headers");
        var throttle = new Throttle(Rate.REQUESTS, 60, 0, Duration.ofSeconds(7));
        // When
        var headers = errors.headers(throttle);
        // Then
        assertThat(headers)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "retry-after", recorded.get("retry-after").asText(),
                        "retry-after-ms", "7000",
                        "anthropic-ratelimit-requests-limit",
                                recorded.get("anthropic-ratelimit-requests-limit")
                                        .asText(),
                        "anthropic-ratelimit-requests-remaining",
                                recorded.get("anthropic-ratelimit-requests-remaining")
                                        .asText(),
                        "anthropic-ratelimit-requests-reset",
                                recorded.get("anthropic-ratelimit-requests-reset")
                                        .asText()));
    }

    @ParameterizedTest
    @CsvSource({"30000,", "30001,false", "3600000,false"})
    void sdk_is_told_not_to_repeat_where_it_would_sleep_too_long(long millis, String retry) {
        // When
        var headers = errors.headers(new Throttle(Rate.TOKENS, 10, 3, Duration.ofMillis(millis)));
        // Then
        assertThat(headers.get("x-should-retry")).isEqualTo(retry);
        assertThat(headers).containsEntry("anthropic-ratelimit-tokens-remaining", "3");
    }

    @Test
    void reset_is_never_told_too_early() {
        // When
        var headers = errors.headers(new Throttle(Rate.TOKENS, 10, 0, Duration.ofMillis(6_001)));
        // Then
        assertThat(headers)
                .containsEntry("anthropic-ratelimit-tokens-reset", "2026-11-22T10:00:07Z")
                .containsEntry("retry-after", "7");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST,invalid_request_error,",
        "UNAUTHENTICATED,authentication_error,",
        "QUOTA_EXHAUSTED,billing_error,quotary_limit_reached",
        "FORBIDDEN,permission_error,",
        "MODEL_UNKNOWN,not_found_error,",
        "TOO_LARGE,request_too_large,",
        "REQUESTS_THROTTLED,rate_limit_error,quotary_rate_limited",
        "TOKENS_THROTTLED,rate_limit_error,quotary_rate_limited",
        "INTERNAL,api_error,",
        "PROVIDER_FAILED,api_error,",
        "UNAVAILABLE,api_error,",
        "PROVIDER_SLOW,timeout_error,"
    })
    void each_kind_has_the_providers_type(Refusal kind, String type, String code) {
        // When
        var body = Messages.tree(errors.body(RefusalMessage.of(kind, "No.")));
        // Then
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(body.at("/error/type").asText()).isEqualTo(type);
        assertThat(body.at("/error/message").asText()).isEqualTo("No.");
        assertThat(body.at("/error/details/error_code").asText(null)).isEqualTo(code);
        assertThat(body.at("/request_id").isNull()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void what_is_told_can_be_read(Refusal kind) {
        // Given
        var message = new RefusalMessage(kind, "a \ud800 \"b\"\n", Optional.of("x"), Optional.of("model_not_priced"));
        // When
        var read = Messages.FORMAT.readError(errors.body(message));
        // Then
        assertThat(read).hasValueSatisfying(error -> {
            assertThat(error.type()).isPresent();
            assertThat(error.code()).hasValue("model_not_priced");
        });
    }

    @Test
    void hard_refusal_names_the_request_and_is_not_to_be_repeated() {
        // When
        var headers = errors.ofRequest(() -> "req_7").headers(Refusal.QUOTA_EXHAUSTED);
        // Then
        assertThat(headers)
                .containsExactlyInAnyOrderEntriesOf(Map.of("x-should-retry", "false", "request-id", "req_7"));
    }

    @Test
    void stream_ends_with_an_error_event() {
        // When
        var ending = Messages.relay().ending(RefusalMessage.of(Refusal.QUOTA_EXHAUSTED, "Over."));
        // Then
        assertThat(new String(ending, StandardCharsets.UTF_8))
                .isEqualTo(
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"billing_error\",\"message\":\"Over.\","
                                + "\"details\":{\"error_code\":\"quotary_limit_reached\"}},\"request_id\":null}\n\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}} | overloaded_error |",
                "{\"error\":{\"details\":{\"error_code\":\"ramp_limit_exceeded\"},\"type\":\"rate_limit_error\"}} | rate_limit_error | ramp_limit_exceeded",
                "{\"error\":{\"type\":7,\"details\":null}} | |"
            })
    void class_of_a_failure_is_read(String body, String type, String code) {
        // When
        var error = Messages.FORMAT.readError(Messages.bytes(body));
        // Then
        assertThat(error).hasValue(new ProviderError(Optional.ofNullable(type), Optional.ofNullable(code)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"<html>", "[]", "{}", "{\"error\":null}", "{\"error\":{\"type\":\"x\"", "''"})
    void what_names_no_class_has_none(String body) {
        // When
        var error = Messages.FORMAT.readError(Messages.bytes(body));
        // Then
        assertThat(error).isEmpty();
    }
}
