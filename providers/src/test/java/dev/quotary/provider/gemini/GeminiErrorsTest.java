package dev.quotary.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Throttle;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GeminiErrorsTest {
    private static final RefusalMessage MESSAGE = RefusalMessage.of(Refusal.QUOTA_EXHAUSTED, "Limit \"a\" reached.");
    private static final String OBJECT = "{\"error\":{\"code\":402,\"message\":\"Limit \\\"a\\\" reached.\","
            + "\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","
            + "\"reason\":\"QUOTARY_LIMIT_REACHED\",\"domain\":\"quotary\"}]}}";

    @Test
    void exhausted_quota_is_402_in_googles_shape() {
        // When
        var plain = Gemini.format(Gemini.GENERATE).errors(Gemini.GENERATE);

        // Then
        assertThat(Gemini.text(plain.body(MESSAGE))).isEqualTo(OBJECT);
        assertThat(plain.headers(Refusal.QUOTA_EXHAUSTED)).isEqualTo(Map.of("x-should-retry", "false"));
    }

    @Test
    void hard_limit_is_never_told_as_a_rate_since_googles_client_repeats_every_429() {
        assertThat(Gemini.API.errors().quotaAsRate()).isEqualTo(Refusal.QUOTA_EXHAUSTED);
    }

    @Test
    void error_in_place_of_a_stream_has_the_form_of_the_stream() {
        // Given
        var format = Gemini.format(Gemini.SSE);

        // When
        var events = format.errors(Gemini.SSE);
        var array = format.errors(Gemini.ARRAY + "?alt=json");

        // Then
        assertThat(Gemini.text(events.body(MESSAGE))).isEqualTo(OBJECT);
        assertThat(Gemini.text(array.body(MESSAGE))).isEqualTo("[" + OBJECT + "\n]\n");
        assertThat(format.readError(array.body(MESSAGE)).orElseThrow().type()).contains("RESOURCE_EXHAUSTED");
    }

    @ParameterizedTest
    @CsvSource({"150, 0.15s, 1, true", "1000, 1s, 1, true", "61000, 61s, 61, false", "0, 0s, 0, true"})
    void throttle_tells_how_long_to_wait(long millis, String delay, String seconds, boolean patient) {
        // Given
        var throttle = new Throttle(Throttle.Rate.REQUESTS, 10, 0, Duration.ofMillis(millis));
        var message = RefusalMessage.of(Refusal.REQUESTS_THROTTLED, "Later.");

        // When
        var error = Gemini.tree(Gemini.API.errors().body(message, throttle)).path("error");
        var headers = Gemini.API.errors().headers(throttle);

        // Then
        assertThat(error.path("code").asInt()).isEqualTo(429);
        assertThat(error.path("status").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(error.at("/details/1/@type").asText()).isEqualTo("type.googleapis.com/google.rpc.RetryInfo");
        assertThat(error.at("/details/1/retryDelay").asText()).isEqualTo(delay);
        assertThat(headers)
                .containsEntry("retry-after", seconds)
                .containsEntry("retry-after-ms", Long.toString(millis));
        assertThat(headers.containsKey("x-should-retry")).isEqualTo(!patient);
    }

    @Test
    void wrong_member_is_named() {
        // Given
        var message = new RefusalMessage(
                Refusal.INVALID_REQUEST, "Bad \ud800 number.", Optional.of("contents"), Optional.of("not_meterable"));

        // When
        var error = Gemini.tree(Gemini.API.errors().body(message)).path("error");

        // Then
        assertThat(error.path("status").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(error.path("message").asText()).isEqualTo("Bad ? number.");
        assertThat(error.at("/details/0/reason").asText()).isEqualTo("NOT_METERABLE");
        assertThat(error.at("/details/1/fieldViolations/0/field").asText()).isEqualTo("contents");
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void every_refusal_has_its_code_and_can_be_read_again(Refusal kind) {
        // Given
        byte[] body = Gemini.API.errors().body(RefusalMessage.of(kind, "No."));

        // When
        var read = Gemini.format(Gemini.GENERATE).readError(body).orElseThrow();

        // Then
        assertThat(read.code()).contains(Integer.toString(kind.status()));
        assertThat(read.type().orElseThrow()).isUpperCase();
    }

    @Test
    void body_that_is_no_error_is_not_classified() {
        // Given
        var format = Gemini.format(Gemini.GENERATE);

        // Then
        assertThat(format.readError(Gemini.bytes("<html>"))).isEmpty();
        assertThat(format.readError(Gemini.bytes("{}"))).isEmpty();
        assertThat(format.readError(Gemini.bytes("[]"))).isEmpty();
        assertThat(format.readError(Gemini.bytes("{\"error\":null}"))).isEmpty();
        assertThat(format.readError(Gemini.bytes("{\"error\":\"x\"}"))).isPresent();
    }
}
