package dev.quotary.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputText;
import org.junit.jupiter.api.Test;

class GeminiEstimatorTest {
    @Test
    void texts_and_tools_are_counted_and_media_by_a_tenth_of_their_bound() {
        // Given: "Hello world" is 2 tokens, the declaration 7
        String body =
                "{\"contents\":[{\"parts\":[{\"text\":\"Hello world\"},{\"inlineData\":{\"mimeType\":\"image/png\","
                        + "\"data\":\"AAAA\"}}]}],\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\"}]}]}";
        var estimator = Gemini.parsed(Gemini.GENERATE, body).estimator();

        // When
        var estimate = estimator.estimate(new OutputText("Hello world", 11, 11));

        // Then
        long text = Math.ceilDiv((2 + 7) * 135L, 100);
        assertThat(estimate.tokens()).isEqualTo(TokenUsage.of(text + 3 + 224, 3));
        assertThat(estimate.encoding()).isEqualTo("o200k_base");
        assertThat(estimate.extrapolated()).isFalse();
    }

    @Test
    void long_prompt_is_extrapolated_from_its_beginning() {
        // Given
        String words = "hello ".repeat(100_000);
        var request = Gemini.parsed(Gemini.GENERATE, Gemini.withParts("{\"text\":\"" + words + "\"}"));

        // When
        var estimate = request.estimator().estimate(OutputText.NONE);

        // Then
        assertThat(estimate.extrapolated()).isTrue();
        assertThat(estimate.tokens().input())
                .isBetween(100_000L, request.facts().input().tokensMax());
    }
}
