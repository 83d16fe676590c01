package dev.quotary.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.price.Component;
import dev.quotary.price.PartUsage;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Begun;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.testkit.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageStreamRelayTest {
    private static final String INPUT = "\"input_tokens\":25,\"cache_read_input_tokens\":1000,"
            + "\"cache_creation_input_tokens\":70,\"cache_creation\":{\"ephemeral_5m_input_tokens\":50,"
            + "\"ephemeral_1h_input_tokens\":20},\"service_tier\":\"priority\"";

    private final MessageStreamRelay relay = Messages.relay();

    @Test
    void end_of_the_stream_tells_what_was_written_and_the_beginning_how_it_was_cached() {
        // Given
        var stream = Events.start(INPUT)
                + Events.PING
                + Events.text("Hi")
                + Events.delta("end_turn", "\"output_tokens\":12")
                + Events.STOP;
        // When
        var received = Splits.whole(relay, Messages.bytes(stream));
        // Then
        assertThat(received.all()).isEqualTo(stream);
        assertThat(received.tail()).isEqualTo(Events.STOP);
        var facts = relay.facts();
        assertThat(facts.done()).isTrue();
        assertThat(facts.answer().usage()).isEqualTo(new Reported(tokens(25, 1000, 50, 20, 12), Optional.empty()));
        assertThat(facts.answer().served().model()).hasValue("claude-opus-5");
        assertThat(facts.answer().served().tier()).isEqualTo(ServiceTier.PRIORITY);
        assertThat(facts.answer().finishReasons()).containsExactly("end_turn");
        assertThat(relay.text().kept()).isEqualTo("Hi");
    }

    @Test
    void later_totals_override_and_null_overrides_nothing() {
        // When
        var usage = usage(Events.start(INPUT)
                + Events.delta(
                        "null",
                        "\"input_tokens\":40,\"output_tokens\":5,\"server_tool_use\":{\"web_search_requests\":1}")
                + Events.delta(
                        "end_turn",
                        "\"input_tokens\":90,\"cache_read_input_tokens\":null,\"output_tokens\":33,"
                                + "\"output_tokens_details\":{\"thinking_tokens\":9},\"server_tool_use\":{\"web_search_requests\":2}")
                + Events.STOP);
        // Then
        var tokens = TokenUsage.builder()
                .set(Component.INPUT, 90)
                .set(Component.CACHED_INPUT, 1000)
                .set(Component.CACHE_WRITE_5M, 50)
                .set(Component.CACHE_WRITE_1H, 20)
                .set(Component.OUTPUT, 33)
                .set(Component.WEB_SEARCHES, 2)
                .reasoning(9)
                .build();
        assertThat(usage).isEqualTo(new Reported(tokens, Optional.empty()));
    }

    @Test
    void writes_that_grew_keep_the_lives_of_the_beginning() {
        // When
        var usage = usage(Events.start(INPUT)
                + Events.delta("end_turn", "\"cache_creation_input_tokens\":100,\"output_tokens\":1"));
        // Then
        assertThat(usage).isEqualTo(new Reported(tokens(25, 1000, 80, 20, 1), Optional.empty()));
    }

    @Test
    void writes_that_grew_are_long_lived_where_all_were() {
        // When
        var usage = usage(Events.start("\"input_tokens\":1,\"cache_creation_input_tokens\":20,"
                        + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":20}")
                + Events.delta("end_turn", "\"cache_creation_input_tokens\":100,\"output_tokens\":1"));
        // Then
        assertThat(usage).isEqualTo(new Reported(tokens(1, 0, 0, 100, 1), Optional.empty()));
    }

    @Test
    void writes_that_became_less_are_set_aside() {
        // When
        var usage = usage(Events.start(INPUT)
                + Events.delta("end_turn", "\"cache_creation_input_tokens\":10,\"output_tokens\":1"));
        // Then
        assertThat(usage).isEqualTo(new Broken("cache_creation_input_tokens became less by 60"));
    }

    @Test
    void rounds_at_the_end_are_divided_among_models() {
        // When
        var usage = usage(
                Events.start("\"input_tokens\":10")
                        + Events.delta(
                                "end_turn",
                                "\"output_tokens\":5,\"iterations\":[{\"type\":\"compaction\",\"input_tokens\":100,\"output_tokens\":20},"
                                        + "{\"type\":\"advisor_message\",\"model\":\"claude-fable-5-2\",\"input_tokens\":7,\"output_tokens\":3}]"));
        // Then
        assertThat(usage)
                .isEqualTo(new Reported(
                        TokenUsage.of(110, 25),
                        Optional.empty(),
                        List.of(new PartUsage("claude-fable-5-2", TokenUsage.of(7, 3)))));
    }

    @Test
    void stream_that_was_cut_has_begun_and_its_output_is_a_placeholder() {
        // Given
        var sample = Messages.sample("22-anthropic-stream-cut");
        // When
        var received = Splits.whole(relay, Messages.stream(sample));
        // Then
        assertThat(Messages.bytes(received.all())).isEqualTo(Messages.stream(sample));
        assertThat(relay.facts().done()).isFalse();
        assertThat(relay.facts().answer().usage()).isEqualTo(new Begun(tokens(25, 1000, 0, 0, 1), List.of(), false));
        assertThat(relay.text().kept()).isEqualTo(sample.path("estimate_text").asText());
        assertThat(estimatedOutput(sample)).isEqualTo(10);
    }

    @Test
    void stream_that_failed_has_begun_and_tells_its_error() {
        // Given
        var sample = Messages.sample("23-anthropic-stream-error");
        // When
        var received = Splits.whole(relay, Messages.stream(sample));
        // Then
        assertThat(Messages.bytes(received.all())).isEqualTo(Messages.stream(sample));
        assertThat(relay.facts().answer().usage()).isEqualTo(new Begun(tokens(40, 0, 0, 0, 2), List.of(), true));
        assertThat(relay.facts().error())
                .hasValue(new ProviderError(Optional.of("overloaded_error"), Optional.empty()));
        assertThat(estimatedOutput(sample)).isEqualTo(2);
    }

    private long estimatedOutput(JsonNode sample) {
        return Messages.parsed(Messages.request(sample))
                .estimator()
                .estimate(relay.text())
                .tokens()
                .output();
    }

    @Test
    void totals_in_the_middle_are_not_the_last_word() {
        // When
        var usage = usage(Events.start(INPUT) + Events.delta("null", "\"output_tokens\":30") + Events.text("more"));
        // Then
        assertThat(usage).isEqualTo(new Begun(tokens(25, 1000, 50, 20, 30), List.of(), false));
    }

    @Test
    void stream_that_ended_without_telling_its_output_has_begun() {
        // When
        var usage = usage(Events.start(INPUT) + Events.text("Hi") + Events.STOP);
        // Then
        assertThat(usage).isEqualTo(new Begun(tokens(25, 1000, 50, 20, 1), List.of(), false));
    }

    @Test
    void end_with_a_reason_is_whole_also_where_the_connection_then_ended() {
        // When
        var usage = usage(Events.start(INPUT) + Events.delta("max_tokens", "\"output_tokens\":30"));
        // Then
        assertThat(usage).isEqualTo(new Reported(tokens(25, 1000, 50, 20, 30), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ": comment\n\n",
                "event: ping\ndata: {\"type\":\"ping\"}\n\n",
                "data: {\"type\":\"message_start\",\"message\":{\"model\":\"m\"}}\n\n",
                "data: {\"type\":\"message_start\",\"message\":null}\n\n",
                "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"\\\"usage\\\":{\\\"input_tokens\\\":5}\"}}\n\n"
            })
    void stream_without_usage_is_missing_it(String stream) {
        // When
        var usage = usage(stream);
        // Then
        assertThat(usage).isEqualTo(new Missing());
    }

    @Test
    void second_beginning_is_set_aside() {
        // When
        var usage = usage(Events.start(INPUT) + Events.start(INPUT) + Events.STOP);
        // Then
        assertThat(usage).isEqualTo(new Broken("message_start occurs more than once"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1\n\n",
                "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":-1}}}\n\n",
                "data: {\"type\":\"message_start\"} {}\n\n",
                "data: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":1}}\n\n",
                "data: {\"type\":\"message_delta\",\"usage\":{},\"usage\":{}}\n\n"
            })
    void usage_that_cannot_be_is_set_aside(String stream) {
        // When
        var usage = usage(stream);
        // Then
        assertThat(usage).isInstanceOf(Broken.class);
    }

    @Test
    void all_that_the_model_writes_counts_and_nothing_else() {
        // Given
        var stream = block("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}")
                + delta("{\"type\":\"thinking_delta\",\"thinking\":\"Hm \",\"estimated_tokens\":null}")
                + delta("{\"type\":\"signature_delta\",\"signature\":\"AAAA\"}")
                + block("{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\",\"input\":{}}")
                + delta("{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}")
                + delta("{\"type\":\"citations_delta\",\"citation\":{\"text\":\"no\",\"cited_text\":\"no\"}}")
                + block("{\"type\":\"web_search_tool_result\",\"content\":[{\"text\":\"no\"}]}")
                + delta("{\"type\":\"compaction_delta\",\"content\":\"sum\",\"encrypted_content\":null}")
                + Events.event("x", "{\"type\":\"x\",\"text\":\"no\",\"other\":{\"text\":\"no\"}}");
        // When
        Splits.whole(relay, Messages.bytes(stream));
        // Then
        assertThat(relay.text().kept()).isEqualTo("Hm f{\"a\":sum");
        assertThat(relay.textBytes()).isEqualTo(12);
    }

    private static String block(String block) {
        return Events.event(
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":" + block + "}");
    }

    private static String delta(String delta) {
        return Events.event(
                "content_block_delta", "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":" + delta + "}");
    }

    @Test
    void every_split_gives_the_same_bytes_and_usage() {
        // Given
        var stream = Messages.bytes(Events.start(INPUT)
                + Events.text("中文 😀")
                + Events.PING
                + Events.delta("end_turn", "\"output_tokens\":12")
                + Events.STOP);
        var whole = Messages.relay();
        var expected = Splits.whole(whole, stream);
        IntStream.rangeClosed(0, stream.length).forEach(cut -> {
            var parts = Messages.relay();
            // When
            var received = Splits.at(parts, stream, List.of(cut));
            // Then
            assertThat(received).as("cut at %s", cut).isEqualTo(expected);
            assertThat(parts.facts()).isEqualTo(whole.facts());
            assertThat(parts.text()).isEqualTo(whole.text());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"22-anthropic-stream-cut", "23-anthropic-stream-error"})
    void recorded_stream_in_random_pieces_gives_the_same(String name) {
        // Given
        var stream = Messages.stream(Messages.sample(name));
        var whole = Messages.relay();
        var expected = Splits.whole(whole, stream);
        Seeds.forEach(300, random -> {
            var parts = Messages.relay();
            // When
            var received = Splits.at(parts, stream, Splits.random(random, stream.length));
            // Then
            assertThat(received).isEqualTo(expected);
            assertThat(parts.facts()).isEqualTo(whole.facts());
        });
    }

    @Test
    void stream_that_is_passed_on_is_not_copied() {
        // Given
        var stream = Messages.bytes(Events.start(INPUT) + Events.text("Hi"));
        // When
        var out = relay.feed(stream, 0, stream.length);
        // Then
        assertThat(out.same(stream, 0, stream.length)).isTrue();
    }

    @Test
    void event_that_is_too_large_passes_unread_and_counts_as_text() {
        // Given
        var small = new MessageStreamRelay(Messages.context(), 1_000);
        var stream = Events.start(INPUT)
                + Events.text("x".repeat(5_000))
                + Events.delta("end_turn", "\"output_tokens\":12")
                + Events.STOP;
        // When
        var received = Splits.at(
                small,
                Messages.bytes(stream),
                IntStream.range(1, 10).mapToObj(i -> i * 500).toList());
        // Then
        assertThat(received.all()).isEqualTo(stream);
        assertThat(small.facts().unreadEvents()).isEqualTo(1);
        assertThat(small.textBytes()).isBetween(5_000L, 5_200L);
        assertThat(small.facts().answer().usage()).isInstanceOf(Reported.class);
    }

    @Test
    void what_follows_the_end_is_bounded() {
        // Given
        var stream = Events.STOP + (": " + "x".repeat(1_000) + "\n").repeat(200);
        // When
        Splits.whole(relay, Messages.bytes(stream));
        // Then
        assertThat(relay.tail().length()).isEqualTo(MessageStreamRelay.TAIL_BYTES_MAX);
    }

    private UsageReading usage(String stream) {
        Splits.whole(relay, Messages.bytes(stream));
        return relay.facts().answer().usage();
    }

    private static TokenUsage tokens(long input, long read, long fiveMinutes, long oneHour, long output) {
        return TokenUsage.builder()
                .set(Component.INPUT, input)
                .set(Component.CACHED_INPUT, read)
                .set(Component.CACHE_WRITE_5M, fiveMinutes)
                .set(Component.CACHE_WRITE_1H, oneHour)
                .set(Component.OUTPUT, output)
                .build();
    }
}
