package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Begun;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that tell totals in every chunk: the last one counts, none is added to another, and the client sees what it asked for. */
class ContinuousUsageTest {
    private static final ChatDialect VLLM = ChatDialect.COMPATIBLE.asking(StreamUsage.CONTINUOUS);
    private static final String HEAD = "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":9,\"stream\":true";
    private static final String DONE = "data: [DONE]\n\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "}|,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}}",
                ",\"stream_options\":null}|,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}}",
                ",\"stream_options\":{}}|,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}}",
                ",\"stream_options\":{\"a\":1}}|,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true,\"a\":1}}",
                ",\"stream_options\":{\"include_usage\":true}}|,\"stream_options\":{\"continuous_usage_stats\":true,\"include_usage\":true}}",
                ",\"stream_options\":{\"continuous_usage_stats\":null,\"include_usage\":false}}|,\"stream_options\":{\"continuous_usage_stats\":true,\"include_usage\":true}}",
                ",\"stream_options\":{\"continuous_usage_stats\":true,\"include_usage\":true}}|,\"stream_options\":{\"continuous_usage_stats\":true,\"include_usage\":true}}",
            })
    void request_asks_for_totals_in_every_chunk(String rest, String expected) {
        // When
        byte[] sent = request(HEAD + rest, VLLM).upstreamBody(OptionalLong.empty());
        // Then
        assertThat(new String(sent, StandardCharsets.UTF_8)).isEqualTo(HEAD + expected);
    }

    @Test
    void others_are_not_asked_for_what_they_do_not_know() {
        // When
        byte[] sent = request(HEAD + "}", ChatDialect.OPENAI).upstreamBody(OptionalLong.empty());
        // Then
        assertThat(new String(sent, StandardCharsets.UTF_8)).doesNotContain("continuous");
    }

    @ParameterizedTest
    @CsvSource({
        // what the client asked for | whether it sees totals, and the last usage
        "'', false, false",
        "'{}', false, false",
        "'{\"include_usage\":true}', false, true",
        "'{\"continuous_usage_stats\":true}', false, false",
        "'{\"include_usage\":true,\"continuous_usage_stats\":true}', true, true"
    })
    void client_sees_the_usage_that_it_asked_for_at_every_split(String options, boolean totals, boolean last) {
        // Given
        var body = HEAD + (options.isEmpty() ? "" : ",\"stream_options\":" + options) + "}";
        var whole = chunk("He", 1, true) + chunk("llo", 2, true) + chunk(".", 3, true) + end(3) + DONE;
        var expected =
                chunk("He", 1, totals) + chunk("llo", 2, totals) + chunk(".", 3, totals) + (last ? end(3) : "") + DONE;
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var relay = request(body, VLLM).relay();
            // When
            var received = Splits.feed(relay, bytes, List.of(cut));
            // Then
            assertThat(received.all()).isEqualTo(expected);
            assertThat(usage(relay)).isEqualTo(new Reported(TokenUsage.of(7, 3), Optional.empty()));
        }
    }

    @Test
    void stream_that_breaks_off_has_used_what_its_last_total_says() {
        // Given
        var relay = request(HEAD + "}", VLLM).relay();
        // When
        Splits.feed(relay, chunk("He", 1, true) + chunk("llo", 2, true));
        // Then
        assertThat(usage(relay)).isEqualTo(new Partial(TokenUsage.of(7, 2), Optional.empty()));
    }

    /** vLLM then tells the total of the choice at hand: what the others wrote has to be estimated. */
    @Test
    void totals_of_several_choices_are_less_than_what_was_written() {
        // Given
        var ended = chunk("b", 2, true).replace("null", "\"stop\"");
        var relay = request(HEAD + ",\"n\":2}", VLLM).relay();
        // When
        Splits.feed(relay, chunk("a", 1, true) + ended);
        // Then
        assertThat(usage(relay)).isEqualTo(new Begun(TokenUsage.of(7, 2), List.of(), false));
    }

    @Test
    void usage_that_comes_once_beside_several_choices_is_that_of_all() {
        // Given
        var relay = request(HEAD + ",\"n\":2}", VLLM).relay();
        // When
        Splits.feed(relay, chunk("a", 1, false) + chunk("b", 5, true) + DONE);
        // Then
        assertThat(usage(relay)).isEqualTo(new Reported(TokenUsage.of(7, 5), Optional.empty()));
    }

    @Test
    void usage_at_the_end_of_several_choices_is_that_of_all() {
        // Given
        var relay = request(HEAD + ",\"n\":2}", VLLM).relay();
        // When
        Splits.feed(relay, chunk("a", 1, true) + chunk("b", 2, true) + end(3) + DONE);
        // Then
        assertThat(usage(relay)).isEqualTo(new Reported(TokenUsage.of(7, 3), Optional.empty()));
    }

    /** OpenRouter sends usage unasked, once, beside an empty delta that follows the end of the choice. */
    @Test
    void usage_behind_the_end_of_the_choice_is_the_last_word_and_passes() {
        // Given
        var openRouter = ChatDialect.COMPATIBLE.asking(StreamUsage.UNASKED);
        var relay = request(HEAD + "}", openRouter).relay();
        var before = ": OPENROUTER PROCESSING\n\n" + chunk("Hi", 1, false).replace("null", "\"stop\"");
        var last = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                + "\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1,\"total_tokens\":8,"
                + "\"cost\":0.0125,\"is_byok\":false,\"cost_details\":{\"upstream_inference_cost\":0.01}}}\n\n";
        // When
        var received = Splits.feed(relay, before + last);
        // Then
        assertThat(received.now()).isEqualTo(before + last);
        assertThat(usage(relay)).isEqualTo(new Reported(TokenUsage.of(7, 1), Optional.of(new BigDecimal("0.0125"))));
    }

    private static ProviderRequest request(String body, ChatDialect dialect) {
        return Requests.parsed(Requests.format(dialect), body.getBytes(StandardCharsets.UTF_8));
    }

    private static UsageReading usage(StreamRelay relay) {
        return relay.facts().answer().usage();
    }

    private static String usage(int output) {
        return "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":" + (7 + output) + ",\"completion_tokens\":" + output
                + ",\"note\":\"a } in a \\\" string\"}";
    }

    private static String chunk(String text, int output, boolean totals) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]"
                + (totals ? "," + usage(output) : "") + "}\n\n";
    }

    private static String end(int output) {
        return "data: {\"choices\":[]," + usage(output) + "}\n\n";
    }
}
