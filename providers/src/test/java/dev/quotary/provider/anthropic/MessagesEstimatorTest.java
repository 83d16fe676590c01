package dev.quotary.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesEstimatorTest {
    @ParameterizedTest
    @CsvSource({"claude-sonnet-4-5,8", "claude-opus-4-7,10"})
    void newer_models_count_more_for_the_same_text(String model, long words) {
        // Given: six tokens and the role, which are seven together before they count more.
        var body = Messages.request(model, "[{\"role\":\"user\",\"content\":\"The rivers run to the sea\"}]", "");
        // When
        var estimate = Messages.parsed(Messages.bytes(body)).estimator().estimate(OutputText.NONE);
        // Then
        assertThat(estimate.tokens()).isEqualTo(TokenUsage.of(words + 1 + 8, 0));
        assertThat(estimate.encoding()).isEqualTo("o200k_base");
        assertThat(estimate.extrapolated()).isFalse();
    }

    @Test
    void long_request_is_counted_in_part_and_taken_to_go_on_like_it() {
        // Given
        var text = "The rivers run to the sea. ".repeat(20_000);
        var body = Messages.request("claude-opus-5", "[{\"role\":\"user\",\"content\":\"" + text + "\"}]", "");
        // When
        var estimate = Messages.parsed(Messages.bytes(body)).estimator().estimate(OutputText.NONE);
        // Then: seven tokens each, and half as much again.
        assertThat(estimate.extrapolated()).isTrue();
        assertThat(estimate.tokens().input()).isBetween(205_000L, 215_000L);
    }

    @Test
    void image_is_not_counted_by_its_bytes() {
        // Given
        var image = "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"" + "A".repeat(90_000) + "\"}}";
        var body = Messages.request("claude-opus-5", "[{\"role\":\"user\",\"content\":[" + image + "]}]", "");
        // When
        var estimate = Messages.parsed(Messages.bytes(body)).estimator().estimate(OutputText.NONE);
        // Then
        assertThat(estimate.tokens().input()).isBetween(500L, 520L);
    }
}
