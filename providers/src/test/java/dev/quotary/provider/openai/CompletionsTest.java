package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Legacy completions. */
class CompletionsTest {
    private static final String PATH = "/v1/completions";

    private final WireFormat format = Formats.of(PATH);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"Hi there\"                   | 8 | 0 | 1",
                "[\"Hi\", \"ho\", \"ä\"]        | 6 | 0 | 3",
                "[1, 2, 50000]                  | 0 | 3 | 1",
                "[[1, 2], [3], []]              | 0 | 3 | 3"
            })
    void prompt_is_counted_in_all_its_forms(String prompt, long bytes, long tokens, int prompts) {
        // When
        var facts = Formats.parsed(format, "{\"model\":\"m\",\"n\":2,\"best_of\":3,\"prompt\":" + prompt + "}")
                .facts();
        // Then: the best of three are written and billed for each prompt.
        assertThat(facts.input().textBytes()).isEqualTo(bytes);
        assertThat(facts.input().framingTokens()).isEqualTo(20 + 4L * prompts + tokens);
        assertThat(facts.output()).isEqualTo(new OutputBound(OptionalLong.of(16), 3 * prompts));
    }

    @Test
    void cap_is_put_in_where_the_server_has_none_of_its_own() {
        // Given
        var body = "{\"model\":\"llama3.2\",\"prompt\":\"Hi\"}";
        var compatible = Formats.of(ChatDialect.COMPATIBLE, PATH);
        // When
        var request = Formats.parsed(compatible, body);
        // Then
        assertThat(request.facts().output()).isEqualTo(new OutputBound(OptionalLong.empty(), 1));
        assertThat(Formats.upstream(request, OptionalLong.of(9)))
                .isEqualTo("{\"model\":\"llama3.2\",\"prompt\":\"Hi\",\"max_tokens\":9}");
    }

    @Test
    void usage_is_asked_for_and_taken_out_again() {
        // Given
        var request = Formats.parsed(format, "{\"model\":\"m\",\"prompt\":\"Hi\",\"stream\":true}");
        var text = "data: {\"id\":\"c\",\"choices\":[{\"text\":\" there\",\"index\":0,\"finish_reason\":null}]";
        var usage = "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,"
                + "\"total_tokens\":3}}\n\n";
        var relay = request.relay();
        // When
        var received = Splits.feed(relay, text + ",\"usage\":null}\n\n" + usage + "data: [DONE]\n\n");
        // Then
        assertThat(request.facts().streaming()).isEqualTo(Streaming.ON);
        assertThat(Formats.upstream(request, OptionalLong.empty()))
                .isEqualTo("{\"model\":\"m\",\"prompt\":\"Hi\",\"stream\":true,"
                        + "\"stream_options\":{\"include_usage\":true}}");
        assertThat(received.all()).isEqualTo(text + "}\n\ndata: [DONE]\n\n");
        assertThat(relay.facts().answer().usage()).isEqualTo(new Reported(TokenUsage.of(1, 2), Optional.empty()));
        assertThat(relay.text().kept()).isEqualTo(" there");
    }

    @Test
    void server_that_refuses_stream_options_is_not_asked_for_usage() {
        // Given
        var body = "{\"model\":\"m\",\"prompt\":\"Hi\",\"stream\":true}";
        var shy = Formats.of(ChatDialect.COMPATIBLE.asking(StreamUsage.UNASKED), PATH);
        // When
        var request = Formats.parsed(shy, body);
        // Then
        assertThat(Formats.upstream(request, OptionalLong.empty())).isEqualTo(body);
    }

    @Test
    void estimate_counts_prompts_and_what_was_written() {
        // Given
        var request = Formats.parsed(format, "{\"model\":\"gpt-4o\",\"prompt\":[\"Hello world\",\"Hello world\"]}");
        var tokens = Formats.parsed(format, "{\"model\":\"gpt-4o\",\"prompt\":[9906,1917]}");
        var written = format.readText(
                "{\"choices\":[{\"text\":\"Hello world\",\"index\":0}]}".getBytes(StandardCharsets.UTF_8));
        // When
        var estimate = request.estimator().estimate(written);
        var given = tokens.estimator().estimate(written);
        // Then
        assertThat(estimate.tokens()).isEqualTo(TokenUsage.of(4, 2));
        assertThat(given.tokens()).isEqualTo(TokenUsage.of(2, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\"} | prompt",
                "{\"prompt\":\"Hi\"} | model",
                "{\"model\":\"m\",\"prompt\":null} | prompt",
                "{\"model\":\"m\",\"prompt\":[]} | prompt",
                "{\"model\":\"m\",\"prompt\":[{\"text\":\"Hi\"}]} | prompt",
                "{\"model\":\"m\",\"prompt\":[[\"Hi\"]]} | prompt",
                "{\"model\":\"m\",\"prompt\":\"Hi\",\"best_of\":129} | best_of",
                "{\"model\":\"m\",\"prompt\":\"Hi\",\"MAX_TOKENS\":5} | MAX_TOKENS",
                "{\"model\":\"m\",\"prompt\":\"Hi\",\"prompt\":\"ho\"} | prompt"
            })
    void request_that_cannot_be_bounded_is_refused(String body, String param) {
        assertThat(Formats.rejected(format, body).param()).hasValue(param);
    }
}
