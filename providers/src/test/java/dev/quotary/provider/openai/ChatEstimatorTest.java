package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.UsageEstimate;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatEstimatorTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-openai-chat-plain",
                "04-openai-chat-stream-usage-requested",
                "05-openai-chat-stream-usage-injected"
            })
    void estimate_of_the_input_is_what_the_provider_counted_or_one_more_per_message(String name) {
        // Given
        Sample sample = Sample.of(name);
        ProviderRequest request = Requests.parsed(sample.format(), sample.request());

        // When
        long input = request.estimator().estimate(OutputText.NONE).tokens().input();

        // Then
        long counted = sample.expectedUsage().totalInput();
        assertThat(input).isBetween(counted, counted + request.facts().input().messages());
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-3.5-turbo, cl100k_base",
        "gpt-4, cl100k_base",
        "gpt-4-0613, cl100k_base",
        "openai/gpt-4-turbo, cl100k_base",
        "gpt-4o-mini, o200k_base",
        "gpt-4.1, o200k_base",
        "o3, o200k_base",
        "gpt-6-sol, o200k_base",
        "llama3.2, o200k_base"
    })
    void vocabulary_is_the_one_of_the_model(String model, String encoding) {
        // Given
        ProviderRequest request = Requests.parsed("{\"model\":\"" + model + "\",\"messages\":[{\"content\":\"Hi\"}]}");

        // When
        UsageEstimate estimate = request.estimator().estimate(OutputText.NONE);

        // Then
        assertThat(estimate.encoding()).isEqualTo(encoding);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // 3 for the reply, 3 per message; "Hi" counts 1, its line feed 1, "user" 1, "bob" 1 and 1 for the name
                "[{\"content\":\"Hi\"}]|8",
                "[{\"role\":\"user\",\"content\":\"Hi\"}]|9",
                "[{\"role\":\"user\",\"name\":\"bob\",\"content\":\"Hi\"}]|11",
                "[{\"content\":\"Hi\"},{\"content\":\"Hi\"}]|13",
                "[{\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]|8",
                "[{\"content\":null}]|6",
                "[{\"content\":[]}]|6",
                "[{\"content\":[{\"image_url\":{\"url\":\"x\"}},{\"type\":\"text\",\"text\":\"Hi\"}]}]|1508",
                "[{\"content\":[7,\"x\",[\"y\"]]}]|6"
            })
    void prompt_counts_by_the_published_rule(String messages, long expected) {
        // Given
        ProviderRequest request = Requests.parsed("{\"model\":\"gpt-4o\",\"messages\":" + messages + "}");

        // When
        UsageEstimate estimate = request.estimator().estimate(OutputText.NONE);

        // Then
        assertThat(estimate.tokens()).isEqualTo(TokenUsage.of(expected, 0));
    }

    @Test
    void tools_and_calls_count_by_their_json() {
        // Given
        ProviderRequest without = Requests.parsed(Requests.with("\"tools\":null"));
        ProviderRequest with = Requests.parsed(
                Requests.with("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}]"));

        // When
        long difference = input(with) - input(without);

        // Then
        assertThat(difference).isBetween(8L, 20L);
    }

    @Test
    void special_tokens_in_a_text_are_text() {
        // Given
        ProviderRequest request =
                Requests.parsed("{\"model\":\"gpt-4o\",\"messages\":[{\"content\":\"<|endoftext|>\"}]}");

        // When
        long input = input(request);

        // Then
        assertThat(input).isGreaterThan(8);
    }

    @Test
    void text_beyond_what_is_kept_is_extrapolated() {
        // Given
        String text = "a river ".repeat(100);
        ProviderRequest request = Requests.parsed(Requests.with("\"n\":1"));

        // When
        UsageEstimate whole = request.estimator().estimate(new OutputText(text, 800, 800));
        UsageEstimate part = request.estimator().estimate(new OutputText(text, 800, 8_000));
        UsageEstimate unread = request.estimator().estimate(new OutputText("", 0, 500));

        // Then
        assertThat(whole.extrapolated()).isFalse();
        assertThat(part.extrapolated()).isTrue();
        assertThat(part.tokens().output()).isEqualTo(10 * whole.tokens().output());
        assertThat(unread.tokens().output()).isEqualTo(500);
    }

    @Test
    void large_request_is_counted_in_part() {
        // Given
        String sentence = "The river runs north for nine miles. ";
        String content = sentence.repeat(20_000);
        String body = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}";

        // When
        UsageEstimate estimate = Requests.parsed(body).estimator().estimate(OutputText.NONE);

        // Then
        assertThat(estimate.extrapolated()).isTrue();
        assertThat(estimate.tokens().input()).isBetween(20_000L * 8, 20_000L * 10);
    }

    @Test
    void request_cut_anywhere_is_estimated() {
        // Given
        String body = Requests.with("\"tools\":[{\"a\":\"b \\\" é\"}],\"response_format\":\"x\",\"z\":[{\"q\":[1]}]");
        byte[] bytes = body.replace("\"Hi\"", "[{\"text\":\"Hi \\u00e9\"}],\"tool_calls\":[{\"f\":1}]")
                .getBytes(StandardCharsets.UTF_8);
        var facts = Requests.parsed(new String(bytes, StandardCharsets.UTF_8)).facts();
        var estimating = new ChatEstimating(new Json(), new Tokenizers(), ChatDialect.OPENAI);
        for (int length = 0; length <= bytes.length; length++) {
            // When
            var estimate = new ChatEstimator(estimating, facts, Arrays.copyOf(bytes, length)).estimate(OutputText.NONE);

            // Then
            assertThat(estimate.tokens().input())
                    .as("length %s", length)
                    .isBetween(6L, facts.input().tokensMax() + 20);
        }
    }

    @Test
    void other_families_count_more_tokens_for_the_same_text() {
        // Given
        byte[] body = "{\"model\":\"grok-4\",\"messages\":[{\"content\":\"Hi\"}]}".getBytes(StandardCharsets.UTF_8);
        String text = "a river ".repeat(100);

        // When
        UsageEstimate openai = estimate(ChatDialect.OPENAI, body, text);
        UsageEstimate xai = estimate(ChatDialect.XAI, body, text);

        // Then
        assertThat(xai.tokens().output()).isEqualTo(Math.ceilDiv(openai.tokens().output() * 110, 100L));
    }

    @Test
    void text_of_a_whole_answer_is_found() {
        // Given
        Sample sample = Sample.of("01-openai-chat-plain");

        // When
        OutputText text = sample.format().readText(sample.answer());

        // Then
        assertThat(text).isEqualTo(new OutputText("Seven.", 6, 6));
    }

    private static UsageEstimate estimate(ChatDialect dialect, byte[] body, String text) {
        return Requests.parsed(Requests.format(dialect), body)
                .estimator()
                .estimate(new OutputText(text, text.length(), text.length()));
    }

    private static long input(ProviderRequest request) {
        return request.estimator().estimate(OutputText.NONE).tokens().input();
    }
}
