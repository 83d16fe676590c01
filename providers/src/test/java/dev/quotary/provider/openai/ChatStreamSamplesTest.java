package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.provider.ProviderError;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamFacts;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimate;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.openai.Splits.Received;
import dev.quotary.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recorded streams, whole and in every two pieces, and in random ones. */
class ChatStreamSamplesTest {
    private static final String DONE = "data: [DONE]\n\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "04-openai-chat-stream-usage-requested",
                "05-openai-chat-stream-usage-injected",
                "06-openai-chat-stream-tool-call",
                "36-ollama-stream"
            })
    void every_split_gives_the_same_bytes_and_usage(String name) {
        // Given
        Sample sample = Sample.of(name);
        byte[] stream = sample.stream();
        String expected = new String(sample.clientStream(), StandardCharsets.UTF_8);
        for (int cut = 0; cut <= stream.length; cut++) {
            StreamRelay relay = relay(sample);

            // When
            Received received = Splits.feed(relay, stream, List.of(cut));

            // Then
            assertThat(received.all()).as("cut at %s", cut).isEqualTo(expected);
            assertThat(received.tail()).isEqualTo(DONE);
            assertUsage(relay.facts(), sample);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "04-openai-chat-stream-usage-requested",
                "05-openai-chat-stream-usage-injected",
                "06-openai-chat-stream-tool-call",
                "07-openai-chat-stream-cut",
                "36-ollama-stream",
                "43-gateway-openai-cut-midstream"
            })
    void random_splits_give_the_same_bytes_text_and_facts(String name) {
        // Given
        Sample sample = Sample.of(name);
        byte[] stream = sample.stream();
        StreamRelay whole = relay(sample);
        Received expected = Splits.feed(whole, stream, List.of());
        Seeds.forEach(300, random -> {
            StreamRelay relay = relay(sample);

            // When
            Received received = Splits.feed(relay, stream, Splits.randomCuts(random, stream.length));

            // Then
            assertThat(received).isEqualTo(expected);
            assertThat(relay.facts()).isEqualTo(whole.facts());
            assertThat(relay.text()).isEqualTo(whole.text());
        });
    }

    @Test
    void unchanged_stream_is_passed_on_without_a_copy() {
        // Given
        Sample sample = Sample.of("04-openai-chat-stream-usage-requested");
        byte[] stream = sample.stream();
        int events = stream.length - DONE.length();

        // When
        Slice now = relay(sample).feed(stream, 0, events);

        // Then
        assertThat(now.same(stream, 0, events)).isTrue();
    }

    @Test
    void complete_events_are_not_held_back() {
        // Given
        Sample sample = Sample.of("05-openai-chat-stream-usage-injected");
        byte[] stream = sample.stream();
        String firstEvent = new String(stream, StandardCharsets.UTF_8).split("\n\n", -1)[0] + "\n\n";
        StreamRelay relay = relay(sample);

        // When
        Slice now = relay.feed(stream, 0, firstEvent.length());

        // Then
        assertThat(Splits.text(now)).isEqualTo(firstEvent.replace(",\"usage\":null", ""));
    }

    @Test
    void cut_stream_is_settled_by_the_expected_estimate() {
        // Given
        Sample sample = Sample.of("07-openai-chat-stream-cut");
        ProviderRequest request = Requests.parsed(sample.format(), sample.request());
        StreamRelay relay = request.relay();

        // When
        Splits.feed(relay, sample.stream(), List.of());

        // Then
        assertThat(relay.facts().answer().usage()).isEqualTo(new Missing());
        assertThat(relay.facts().done()).isFalse();
        assertThat(relay.facts().answer().served().model()).contains("gpt-4o-mini-2024-07-18");
        assertThat(relay.text().kept())
                .isEqualTo(sample.exchange().path("estimate_text").asText());
        assertEstimate(request.estimator().estimate(relay.text()), sample);
    }

    @Test
    void stream_that_the_gateway_cuts_ends_in_the_recorded_error_event() {
        // Given
        Sample sample = Sample.of("43-gateway-openai-cut-midstream");
        ProviderRequest request = Requests.parsed(sample.format(), sample.request());
        String recorded = new String(sample.stream(), StandardCharsets.UTF_8);
        byte[] chunks =
                recorded.substring(0, recorded.indexOf("data: {\"error\"")).getBytes(StandardCharsets.UTF_8);
        StreamRelay relay = request.relay();
        var cut = RefusalMessage.of(Refusal.QUOTA_EXHAUSTED, "Cost limit of key k1 reached while streaming.");

        // When
        Slice now = relay.feed(chunks, 0, chunks.length);

        // Then
        String client = Splits.text(now) + new String(relay.ending(cut), StandardCharsets.UTF_8);
        assertThat(client).isEqualTo(recorded);
        assertEstimate(request.estimator().estimate(relay.text()), sample);
    }

    @Test
    void error_in_the_middle_of_a_stream_is_seen_and_passed_on() {
        // Given
        Sample sample = Sample.of("43-gateway-openai-cut-midstream");
        StreamRelay relay = relay(sample);

        // When
        Received received = Splits.feed(relay, sample.stream(), List.of());

        // Then
        assertThat(received.now()).isEqualTo(new String(sample.stream(), StandardCharsets.UTF_8));
        assertThat(relay.facts().error())
                .contains(new ProviderError(Optional.of("insufficient_quota"), Optional.of("insufficient_quota")));
    }

    @Test
    void tool_calls_are_written_text() {
        // Given
        Sample sample = Sample.of("06-openai-chat-stream-tool-call");
        StreamRelay relay = relay(sample);

        // When
        Splits.feed(relay, sample.stream(), List.of());

        // Then
        assertThat(relay.text().kept()).isEqualTo("get_weather{\"city\":\"Oslo\"}");
        assertThat(relay.textBytes()).isEqualTo(26);
        assertThat(relay.facts().answer().finishReasons()).containsExactly("tool_calls");
    }

    @Test
    void usage_is_known_before_the_terminal_event() {
        // Given
        Sample sample = Sample.of("05-openai-chat-stream-usage-injected");
        byte[] stream = sample.stream();
        byte[] beforeDone = Arrays.copyOf(stream, stream.length - DONE.length());
        StreamRelay relay = relay(sample);

        // When
        relay.feed(beforeDone, 0, beforeDone.length);

        // Then
        assertUsage(relay.facts(), sample);
        assertThat(relay.tail().empty()).isTrue();
    }

    private static StreamRelay relay(Sample sample) {
        return Requests.parsed(sample.format(), sample.request()).relay();
    }

    private static void assertUsage(StreamFacts facts, Sample sample) {
        UsageReading expected = new Reported(sample.expectedUsage(), Optional.empty());
        assertThat(facts.answer().usage()).isEqualTo(expected);
        assertThat(facts.answer().served().tier().key()).isEqualTo(sample.expectedTier());
        assertThat(facts.error()).isEmpty();
    }

    private static void assertEstimate(UsageEstimate estimate, Sample sample) {
        assertThat(estimate.tokens()).isEqualTo(sample.expectedUsage());
        assertThat(estimate.encoding())
                .isEqualTo(sample.exchange().path("estimate_encoding").asText());
        assertThat(estimate.extrapolated()).isFalse();
    }
}
