package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.WireFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings. */
class EmbeddingsTest {
    private final WireFormat format = Formats.of("/v1/embeddings");

    @Test
    void usage_of_the_sample_is_all_input() {
        // Given
        var sample = Sample.of("13-openai-embeddings");
        // When
        var facts = format.readAnswer(sample.answer());
        // Then
        assertThat(facts.usage()).isEqualTo(new Reported(sample.expectedUsage(), Optional.empty()));
        assertThat(facts.served().model()).hasValue("text-embedding-3-small");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"alpha\"             | 5  | 4",
                "[\"alpha\", \"äö\"]   | 9  | 8",
                "[[1, 2, 3], [4]]      | 0  | 12"
            })
    void input_is_bounded_by_its_bytes_or_its_own_tokens_and_nothing_is_written(String input, long bytes, long more) {
        // When
        var facts = Formats.parsed(
                        format,
                        "{\"model\":\"m\",\"dimensions\":256,\"encoding_format\":\"base64\",\"input\":" + input + "}")
                .facts();
        // Then
        assertThat(facts.input().textBytes()).isEqualTo(bytes);
        assertThat(facts.input().framingTokens()).isEqualTo(more);
        assertThat(facts.output()).isEqualTo(OutputBound.NONE);
        assertThat(facts.streaming()).isEqualTo(Streaming.OFF);
    }

    @Test
    void body_is_never_changed() {
        // Given
        var body = "{ \"input\" : [\"a\"], \"model\":\"text-embedding-3-small\" }";
        // When
        var upstream = Formats.upstream(Formats.parsed(format, body), OptionalLong.of(5));
        // Then
        assertThat(upstream).isEqualTo(body);
    }

    @Test
    void estimate_counts_the_input() {
        // Given
        var request =
                Formats.parsed(format, "{\"model\":\"text-embedding-3-small\",\"input\":[\"Hello world\",\"Hello\"]}");
        // When
        var estimate = request.estimator().estimate(OutputText.NONE);
        // Then
        assertThat(estimate.tokens()).isEqualTo(TokenUsage.of(3, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\"} | input",
                "{\"model\":\"m\",\"input\":\"a\",\"stream\":true} | stream",
                "{\"model\":\"m\",\"input\":{\"text\":\"a\"}} | input",
                "{\"model\":7,\"input\":\"a\"} | model",
                "{\"model\":\"m\",\"input\":\"a\",\"INPUT\":\"b\"} | INPUT"
            })
    void request_that_cannot_be_bounded_is_refused(String body, String param) {
        assertThat(Formats.rejected(format, body).param()).hasValue(param);
    }
}
