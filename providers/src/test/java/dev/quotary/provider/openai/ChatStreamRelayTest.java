package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.openai.ChatStreamRelay.Drops;
import dev.quotary.provider.openai.Splits.Received;
import dev.quotary.provider.text.TextTally;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatStreamRelayTest {
    private static final String USAGE = "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13}";
    private static final UsageReading READ = new Reported(TokenUsage.of(9, 4), Optional.empty());
    private static final String TEXT_CHUNK = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "{\"usage\":null}|{}",
                "{ \"usage\" : null }|{  }",
                "{\"usage\":null,\"a\":1}|{\"a\":1}",
                "{ \"usage\": null , \"a\": 1 }|{ \"a\": 1 }",
                "{\"a\":1,\"usage\":null}|{\"a\":1}",
                "{\"a\":1 , \"usage\" : null }|{\"a\":1  }",
                "{\"a\":1,\"usage\":null,\"b\":2}|{\"a\":1,\"b\":2}",
                "{\"a\": 1, \"usage\": null, \"b\": 2}|{\"a\": 1, \"b\": 2}",
                "{\"a\":\"\\\"usage\\\":null\",\"usage\":null}|{\"a\":\"\\\"usage\\\":null\"}",
                "{\"a\":{\"usage\":null},\"usage\":null,\"b\":[{\"usage\":null}]}|{\"a\":{\"usage\":null},\"b\":[{\"usage\":null}]}",
                "{\"choices\":[],\"prompt_filter_results\":[],\"usage\":null}|{\"choices\":[],\"prompt_filter_results\":[]}"
            })
    void null_usage_is_cut_out_with_its_comma(String chunk, String expected) {
        // When
        Received received = Splits.feed(stripping(), "data: " + chunk + "\n\n");

        // Then
        assertThat(received.now()).isEqualTo("data: " + expected + "\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\\"usage\\\":null\"}",
                "{\"a\":{\"usage\":null}}",
                "{\"choices\":[{\"usage\":null}]}",
                "{\"usage\":null,\"usage\":null}",
                "{\"a\":1,\"usage\":null",
                "{\"a\":1,\"usage\":nul}",
                "{\"a\":1,\"usage\":null}}",
                "{\"a\":\"1,\"usage\":null}",
                "[{\"usage\":null}]",
                "\"usage\":null",
                "{\"choices\":[]}",
                "{\"choices\":[],\"content_filter\":{\"usage\":1}}",
                "{}",
                "nonsense",
                ""
            })
    void everything_else_stays_as_it_is(String chunk) {
        // Given
        String stream = "data: " + chunk + "\n\n";
        StreamRelay relay = stripping();

        // When
        Received received = Splits.feed(relay, stream);

        // Then
        assertThat(received.now()).isEqualTo(stream);
        assertThat(relay.facts().answer().usage()).isEqualTo(new Missing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choices\":[]," + USAGE + "}\n\n",
                "data:{" + USAGE + ",\"choices\":[]}\n\n",
                "data: { \"choices\" : [ ] , " + USAGE + " }\r\n\r\n",
                "event: x\nid: 3\ndata: {\"choices\":[]," + USAGE + "}\n\n",
                "data: {\"choices\":[],\ndata: " + USAGE + "}\n\n",
                "data: {\"choices\":[]," + USAGE + "}"
            })
    void event_that_is_there_for_the_usage_is_left_out(String event) {
        // Given
        StreamRelay relay = stripping();

        // When
        Received received = Splits.feed(relay, TEXT_CHUNK + event);

        // Then
        assertThat(received.now()).isEqualTo(TEXT_CHUNK);
        assertThat(relay.facts().answer().usage()).isEqualTo(READ);
    }

    @Test
    void client_that_asked_gets_every_byte() {
        // Given
        String stream =
                TEXT_CHUNK + "data: {\"a\":1,\"usage\":null}\n\ndata: {\"choices\":[]," + USAGE + "}\n\n: bye\n";
        StreamRelay relay = passing();

        // When
        Received received = Splits.feed(relay, stream);

        // Then
        assertThat(received.now()).isEqualTo(stream);
        assertThat(relay.facts().answer().usage()).isEqualTo(READ);
    }

    @Test
    void usage_beside_choices_stays_and_is_read() {
        // Given
        String stream =
                "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]," + USAGE + "}\n\n";
        StreamRelay relay = stripping();

        // When
        Received received = Splits.feed(relay, stream);

        // Then
        assertThat(received.now()).isEqualTo(stream);
        assertThat(relay.facts().answer().usage()).isEqualTo(READ);
    }

    @Test
    void running_total_of_a_cut_stream_is_partial_and_the_last_one_counts() {
        // Given
        String running =
                "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":%d}}\n\n";
        StreamRelay relay = passing();

        // When
        Splits.feed(relay, running.formatted(1) + running.formatted(2) + "data: {\"usage\":null}\n\n");

        // Then
        assertThat(relay.facts().answer().usage()).isEqualTo(new Partial(TokenUsage.of(9, 2), Optional.empty()));
    }

    @Test
    void running_total_of_a_finished_stream_is_final() {
        // Given
        StreamRelay relay = passing();

        // When
        Splits.feed(relay, "data: {\"choices\":[{\"delta\":{}}]," + USAGE + "}\n\ndata: [DONE]\n\n");

        // Then
        assertThat(relay.facts().answer().usage()).isEqualTo(READ);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":-9,\"completion_tokens\":4}}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":9.5,\"completion_tokens\":4}}",
                "{\"choices\":[],\"usage\":[]}",
                "{\"choices\":[],\"usage\":7}",
                "{\"choices\":[]," + USAGE + "," + USAGE + "}",
                "{\"choices\":[]," + USAGE,
                "{\"choices\":[]," + USAGE + "}}"
            })
    void broken_usage_is_told(String chunk) {
        // Given
        StreamRelay relay = stripping();

        // When
        Splits.feed(relay, TEXT_CHUNK + "data: " + chunk + "\n\ndata: [DONE]\n\n");

        // Then
        assertThat(relay.facts().answer().usage()).isInstanceOf(Broken.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: [DONE]\n\n",
                "data:[DONE]\r\n\r\n",
                "data: [DONE]",
                "data: [DONE]\n\n: after\n\ndata: {\"late\":1}\n\n",
                "event: done\ndata: [DONE]\n\n"
            })
    void terminal_event_and_what_follows_are_kept_apart(String terminal) {
        // Given
        StreamRelay relay = stripping();

        // When
        Received received = Splits.feed(relay, TEXT_CHUNK + ": ping\n\n" + terminal);

        // Then
        assertThat(received.now()).isEqualTo(TEXT_CHUNK + ": ping\n\n");
        assertThat(received.tail()).isEqualTo(terminal);
        assertThat(relay.facts().done()).isTrue();
    }

    @Test
    void tail_is_bounded() {
        // Given
        StreamRelay relay = stripping();

        // When
        Received received = Splits.feed(relay, "data: [DONE]\n\n" + "data: x\n\n".repeat(20_000));

        // Then
        assertThat(received.tail()).hasSize(ChatStreamRelay.TAIL_BYTES_MAX);
    }

    @Test
    void content_that_looks_like_the_end_or_like_usage_is_content() {
        // Given
        String content = "data: [DONE]\\n\\n{\\\"usage\\\":{\\\"prompt_tokens\\\":1}}\\\\";
        StreamRelay relay = stripping();

        // When
        Received received = Splits.feed(
                relay, "data: {\"choices\":[{\"delta\":{\"content\":\"" + content + "\"}}],\"usage\":null}\n\n");

        // Then
        assertThat(received.now()).contains(content).doesNotContain("\"usage\":null");
        assertThat(received.tail()).isEmpty();
        assertThat(relay.text().kept()).isEqualTo("data: [DONE]\n\n{\"usage\":{\"prompt_tokens\":1}}\\");
    }

    @Test
    void written_text_is_content_refusal_reasoning_speech_and_calls_and_nothing_else() {
        // Given
        String chunk = """
                data: {"id":"x","choices":[{"index":0,"logprobs":{"content":[{"token":"no","bytes":[1]}]},"delta":{"role":"assistant",\
                "content":"a","refusal":"b","reasoning_content":"c\\u00e9","reasoning":"d","annotations":[{"url_citation":{"content":"no"}}],\
                "audio":{"id":"no","transcript":"e","data":"AAAA"},"function_call":{"name":"f","arguments":"g"},\
                "tool_calls":[{"index":0,"id":"no","function":{"name":"h","arguments":"{\\"i\\"}"}}]},"finish_reason":null}],"content":"no"}

                """;
        StreamRelay relay = stripping();

        // When
        Splits.feed(relay, chunk);

        // Then
        assertThat(relay.text()).isEqualTo(new OutputText("abcédefgh{\"i\"}", 15, 15));
    }

    @Test
    void long_text_is_counted_whole_and_kept_in_part() {
        // Given
        String chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"" + "é".repeat(5_000) + "\"}}]}\n\n";
        StreamRelay relay = stripping();

        // When
        Splits.feed(relay, chunk.repeat(10));

        // Then
        assertThat(relay.textBytes()).isEqualTo(100_000);
        assertThat(relay.text().bytes()).isEqualTo(100_000);
        assertThat(relay.text().keptBytes()).isEqualTo(TextTally.KEPT_BYTES_MAX);
        assertThat(relay.text().kept()).hasSize(TextTally.KEPT_BYTES_MAX / 2);
    }

    @Test
    void event_too_large_passes_unread_and_the_next_ones_are_read() {
        // Given
        String large = "data: {\"a\":\"" + "x".repeat(500) + "\",\"usage\":null}\n\n";
        String rest = "data: {\"usage\":null,\"b\":1}\n\ndata: {\"choices\":[]," + USAGE + "}\n\ndata: [DONE]\n\n";
        byte[] stream = (large + rest).getBytes(StandardCharsets.UTF_8);
        StreamRelay relay = new ChatStreamRelay(Requests.context(), Drops.USAGE, 1, 200);

        // When
        Received received = Splits.feed(relay, stream, List.of(100, 250, 400, 520));

        // Then
        assertThat(received.now()).isEqualTo(large + "data: {\"b\":1}\n\n");
        assertThat(received.tail()).isEqualTo("data: [DONE]\n\n");
        assertThat(relay.facts().unreadEvents()).isEqualTo(1);
        assertThat(relay.facts().answer().usage()).isEqualTo(READ);
        assertThat(relay.textBytes()).isEqualTo(large.length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"code\":null}}|server_error|",
                "{\"error\":{\"code\":503,\"message\":\"m\"},\"choices\":[{\"delta\":{\"content\":\"\"}}]}||503",
                "{\"code\":\"c\",\"error\":\"a sentence\"}||c",
                "{\"error\":{\"type\":\"cut||"
            })
    void error_event_is_seen(String chunk, String type, String code) {
        // Given
        StreamRelay relay = stripping();
        String event = "data: " + chunk + "\n\n";

        // When
        Received received = Splits.feed(relay, event);

        // Then
        assertThat(received.now()).isEqualTo(event);
        assertThat(relay.facts().error())
                .contains(new ProviderError(Optional.ofNullable(type), Optional.ofNullable(code)));
    }

    @Test
    void null_error_is_none() {
        // Given
        StreamRelay relay = stripping();

        // When
        Splits.feed(relay, "data: {\"error\":null,\"x\":{\"error\":1}}\n\n");

        // Then
        assertThat(relay.facts().error()).isEmpty();
    }

    @Test
    void last_model_and_tier_and_every_finish_reason_count() {
        // Given
        StreamRelay relay = stripping();

        // When
        Splits.feed(relay, """
                data: {"model":"","choices":[]}

                data: {"model":"m\\u00fc","service_tier":"default","choices":[{"finish_reason":"stop"}]}

                data: {"model":"m\\u00fc","service_tier":"flex","choices":[{"finish_reason":"length"},{"finish_reason":"stop"}]}

                data: {"model":"","service_tier":null,"choices":[]}

                """);

        // Then
        var answer = relay.facts().answer();
        assertThat(answer.served().model()).contains("mü");
        assertThat(answer.served().tierText()).contains("flex");
        assertThat(answer.finishReasons()).containsExactly("stop", "length");
    }

    @Test
    void comments_are_passed_on_at_once() {
        // Given
        StreamRelay relay = stripping();
        byte[] comment = ": OPENROUTER PROCESSING\n".getBytes(StandardCharsets.UTF_8);

        // When
        Slice now = relay.feed(comment, 0, comment.length);

        // Then
        assertThat(now.same(comment, 0, comment.length)).isTrue();
    }

    @Test
    void stream_that_is_no_stream_is_passed_on() {
        // Given
        StreamRelay relay = stripping();
        String page = "<html>\n<body>{\"usage\":null}</body>\n</html>";

        // When
        Received received = Splits.feed(relay, page);

        // Then
        assertThat(received.now()).isEqualTo(page);
    }

    private static StreamRelay stripping() {
        return Requests.parsed(Requests.with("\"stream\":true")).relay();
    }

    private static StreamRelay passing() {
        String asking = Requests.with("\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        return Requests.parsed(asking).relay();
    }
}
