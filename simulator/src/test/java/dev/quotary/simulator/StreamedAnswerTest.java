package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamedAnswerTest {
    private static final String STREAM = ",\"stream\":true";
    private static final String USAGE = STREAM + ",\"stream_options\":{\"include_usage\":true}";
    private static final String USAGE_BARE =
            STREAM + ",\"stream_options\":{\"include_usage\":true,\"include_obfuscation\":false}";
    private static final String BARE = STREAM + ",\"stream_options\":{\"include_obfuscation\":false}";

    private final TestProvider provider = TestProvider.open();

    @AfterAll
    void close() {
        provider.close();
    }

    @Test
    void has_the_form_of_openais_stream_when_usage_is_asked_for() throws Exception {
        // When
        var body = stream("[simulate input=9 output=3 model=gpt-4o-mini-2024-07-18]", USAGE);

        // Then
        assertThat(masked(body)).isEqualTo(masked(TestProvider.resource("stream-usage-asked.sse")));
    }

    @Test
    void has_the_form_of_openais_stream_without_obfuscation() throws Exception {
        // When
        var body = stream("[simulate input=12 output=1 model=gpt-4o-mini-2024-07-18]", USAGE_BARE);

        // Then
        assertThat(masked(body)).isEqualTo(masked(TestProvider.resource("stream-unobfuscated.sse")));
    }

    @Test
    void has_the_form_of_openais_stream_when_usage_is_not_asked_for() throws Exception {
        // When
        var body = stream("[simulate output=1 model=gpt-4o-mini-2024-07-18]", BARE);

        // Then
        assertThat(masked(body)).isEqualTo(masked(TestProvider.resource("stream-usage-not-asked.sse")));
    }

    @Test
    void tells_the_total_of_each_choice_in_every_chunk_when_that_is_asked_for() throws Exception {
        // Given
        var asked = STREAM + ",\"n\":2,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}";

        // When
        var events = events(stream("[simulate input=9 output=3 reasoning=1]", asked));

        // Then: two choices of two tokens of text and one of reasoning, in turns.
        assertThat(events.stream()
                        .map(event -> event.at("/usage/completion_tokens").asInt()))
                .containsExactly(1, 1, 2, 2, 3, 3, 3, 3, 6);
        assertThat(events).allMatch(event -> event.at("/usage/prompt_tokens").asInt() == 9);
    }

    @Test
    void carries_openais_headers() throws Exception {
        // When
        var response = provider.post(TestProvider.asking("Hi", STREAM));

        // Then
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
        assertThat(response.headers().firstValue("openai-processing-ms")).contains("0");
    }

    @Test
    void says_the_same_as_the_plain_answer() throws Exception {
        // Given
        var plain = TestProvider.json(provider.post(TestProvider.asking("Tell me more")));

        // When
        var events = events(stream("Tell me more", USAGE));

        // Then
        assertThat(text(events, 0))
                .isEqualTo(plain.at("/choices/0/message/content").asText());
        assertThat(events.getLast().path("usage")).isEqualTo(plain.path("usage"));
    }

    @Test
    void choices_take_turns() throws Exception {
        // When
        var events = events(stream("[simulate output=2]", ",\"n\":2" + USAGE));

        // Then
        assertThat(events.stream().map(event -> event.at("/choices/0/index").asInt(-1)))
                .containsExactly(0, 1, 0, 1, 0, 1, 0, 1, -1);
        assertThat(text(events, 0)).isNotEqualTo(text(events, 1));
        assertThat(events.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }

    @Test
    void a_maximum_ends_the_stream_early() throws Exception {
        // When
        var events = events(stream("Hi", ",\"max_completion_tokens\":2" + STREAM));

        // Then
        assertThat(text(events, 0).split(" ", -1)).hasSize(2);
        assertThat(events.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void may_tell_no_usage_even_if_asked() throws Exception {
        // When
        var body = stream("[simulate no_usage]", USAGE);

        // Then
        assertThat(body).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    }

    @Test
    void an_answer_of_reasoning_alone_has_no_text_events() throws Exception {
        // When
        var events = events(stream("[simulate output=5 reasoning=5]", USAGE));

        // Then
        assertThat(events).hasSize(3);
        assertThat(events.getLast()
                        .at("/usage/completion_tokens_details/reasoning_tokens")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void the_longest_stream_arrives_whole() throws Exception {
        // When
        var body = stream("[simulate output=100000]", BARE);

        // Then
        assertThat(body.lines().filter(line -> line.contains("\"delta\":{\"content\":")))
                .hasSize(100_000);
        assertThat(body).endsWith("data: [DONE]\n\n");
    }

    @Test
    void a_cut_stream_breaks_off_at_the_client() {
        assertThatThrownBy(() -> stream("[simulate output=9 cut_after=2]", USAGE))
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_cut_stream_sends_so_many_chunks_of_text_and_no_end() throws Exception {
        // Given
        String received;

        // When
        try (var socket = provider.posted(TestProvider.asking("[simulate output=9 cut_after=2]", USAGE))) {
            received = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        // Then
        assertThat(received).contains("transfer-encoding: chunked");
        assertThat(events(received).stream()
                        .map(event -> event.at("/choices/0/delta/content").asText()))
                .hasSize(3)
                .first()
                .isEqualTo("");
        assertThat(received)
                .doesNotContain("[DONE]")
                .doesNotContain("\r\n0\r\n")
                .doesNotContain("\"stop\"");
    }

    @Test
    void a_stream_may_be_cut_before_any_text_and_after_all_of_it() throws Exception {
        for (var cut : List.of("cut_after=0", "cut_after=100")) {
            try (var socket = provider.posted(TestProvider.asking("[simulate output=4 " + cut + "]", STREAM))) {
                var received = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(events(received)).hasSize(cut.equals("cut_after=0") ? 1 : 5);
                assertThat(received).doesNotContain("\r\n0\r\n");
            }
        }
    }

    @Test
    void a_stream_that_fails_says_so_and_ends_in_order() throws Exception {
        // When
        var body = stream("[simulate output=9 error_after=2]", USAGE);

        // Then
        var events = events(body);
        assertThat(events).hasSize(4);
        assertThat(events.getLast().at("/error/type").asText()).isEqualTo("server_error");
        assertThat(events.getLast().at("/error").properties().stream().map(member -> member.getKey()))
                .containsExactly("message", "type", "param", "code");
        assertThat(body).doesNotContain("[DONE]");
    }

    private String stream(String text, String more) throws IOException, InterruptedException {
        return provider.post(TestProvider.asking(text, more)).body();
    }

    private static List<ObjectNode> events(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> Json.object(line.substring("data: ".length()).getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static String text(List<ObjectNode> events, int choice) {
        return events.stream()
                .flatMap(event -> Stream.of(event.at("/choices/0")))
                .filter(entry -> entry.path("index").asInt(-1) == choice)
                .map(entry -> entry.at("/delta/content").asText(""))
                .collect(Collectors.joining());
    }

    /** What OpenAI chooses freely, made equal; its tokens are not words, so its count of them is not ours. */
    private static String masked(String body) {
        return body.replaceAll("\"(id|system_fingerprint|obfuscation)\":\"[^\"]*\"", "\"$1\":\"…\"")
                .replaceAll("\"content\":\"[^\"]+\"", "\"content\":\"…\"")
                .replaceAll("\"(completion_tokens|total_tokens)\":[0-9]+", "\"$1\":0");
    }
}
