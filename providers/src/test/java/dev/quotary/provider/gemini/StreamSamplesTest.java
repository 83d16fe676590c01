package dev.quotary.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.gemini.Gemini.Received;
import dev.quotary.testkit.Seeds;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recorded streams, whole and in every two pieces, and in random ones. */
class StreamSamplesTest {
    private static final String EVENTS = "28-gemini-stream-sse";
    private static final String ARRAY = "29-gemini-stream-json-array";
    private static final RefusalMessage CUT = RefusalMessage.of(Refusal.QUOTA_EXHAUSTED, "Limit reached.");

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, ARRAY})
    void every_split_gives_the_same_bytes_and_usage(String name) {
        // Given
        byte[] stream = Gemini.file(name + ".sse");
        var expected = new Reported(Gemini.expectedUsage(Gemini.sample(name)), Optional.empty());
        for (int cut = 0; cut <= stream.length; cut++) {
            StreamRelay relay = relay(name);

            // When
            Received received = Gemini.feed(relay, stream, List.of(cut));

            // Then
            assertThat(received.all()).as("cut at %s", cut).isEqualTo(Gemini.text(stream));
            assertThat(received.tail()).isEqualTo(name.equals(ARRAY) ? "\n]\n" : "");
            assertThat(relay.facts().answer().usage()).isEqualTo(expected);
            assertThat(relay.facts().done()).isTrue();
            assertThat(relay.facts().unreadEvents()).isZero();
            assertThat(relay.facts().answer().finishReasons()).containsExactly("STOP");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, ARRAY})
    void random_splits_give_the_same_bytes_text_and_facts(String name) {
        // Given
        byte[] stream = Gemini.file(name + ".sse");
        StreamRelay whole = relay(name);
        Received expected = Gemini.feed(whole, stream, List.of());
        Seeds.forEach(300, random -> {
            StreamRelay relay = relay(name);

            // When
            Received received = Gemini.feed(relay, stream, Gemini.randomCuts(random, stream.length));

            // Then
            assertThat(received).isEqualTo(expected);
            assertThat(relay.facts()).isEqualTo(whole.facts());
            assertThat(relay.text()).isEqualTo(whole.text());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, ARRAY})
    void stream_broken_off_anywhere_is_partial_and_its_ending_can_be_read(String name) {
        // Given
        byte[] stream = Gemini.file(name + ".sse");
        int last = Gemini.text(stream).lastIndexOf("STOP");
        for (int end = 0; end < last; end++) {
            StreamRelay relay = relay(name);
            var whole = Gemini.text(stream).substring(0, end);

            // When
            Received received = Gemini.feed(relay, Gemini.bytes(whole), List.of());

            // Then
            List<JsonNode> chunks = read(name, received.all() + Gemini.text(relay.ending(CUT)));
            assertThat(chunks.getLast().at("/error/code").asInt()).isEqualTo(402);
            assertThat(relay.facts().done()).isFalse();
            UsageReading usage = relay.facts().answer().usage();
            if (chunks.size() > 1) {
                long total = chunks.get(chunks.size() - 2)
                        .at("/usageMetadata/totalTokenCount")
                        .asLong();
                assertThat(usage)
                        .isInstanceOfSatisfying(
                                Partial.class,
                                partial -> assertThat(partial.tokens().totalInput()
                                                + partial.tokens().totalOutput())
                                        .isEqualTo(total));
            } else {
                assertThat(usage).isEqualTo(new UsageReading.Missing());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, ARRAY})
    void unchanged_stream_is_passed_on_without_a_copy(String name) {
        // Given
        byte[] stream = Gemini.file(name + ".sse");
        int chunks = name.equals(ARRAY) ? stream.length - 3 : stream.length;

        // When
        var now = relay(name).feed(stream, 0, stream.length);

        // Then
        assertThat(now.same(stream, 0, chunks)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, ARRAY})
    void chunk_is_given_with_its_last_byte_and_totals_are_known_at_once(String name) {
        // Given
        String stream = Gemini.text(Gemini.file(name + ".sse"));
        int end = name.equals(ARRAY) ? stream.indexOf("},\r\n") + 1 : stream.indexOf("\r\n\r\n") + 4;
        byte[] first = Gemini.bytes(stream.substring(0, end));
        StreamRelay relay = relay(name);

        // When
        var before = relay.feed(first, 0, end - 1);
        var now = relay.feed(first, end - 1, 1);

        // Then
        assertThat(before.empty()).isTrue();
        assertThat(Gemini.text(now.toByteArray())).isEqualTo(stream.substring(0, end));
        assertThat(relay.facts().answer().usage()).isInstanceOf(Partial.class);
        assertThat(relay.textBytes()).isEqualTo(name.equals(ARRAY) ? 2 : 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, ARRAY})
    void error_in_the_middle_is_seen_and_passed_on(String name) {
        // Given
        String stream = Gemini.text(Gemini.file(name + ".sse"));
        String error = "{\"error\":{\"code\":503,\"message\":\"m\",\"status\":\"UNAVAILABLE\"}}";
        String broken = name.equals(ARRAY)
                ? stream.substring(0, stream.indexOf("},\r\n") + 1) + ",\r\n" + error + "]"
                : stream.substring(0, stream.indexOf("\r\n\r\n") + 4) + "data: " + error + "\r\n\r\n";
        StreamRelay relay = relay(name);

        // When
        Received received = Gemini.feed(relay, Gemini.bytes(broken), List.of());

        // Then
        assertThat(received.all()).isEqualTo(broken);
        var facts = relay.facts();
        assertThat(facts.error().orElseThrow().type()).contains("UNAVAILABLE");
        assertThat(facts.error().orElseThrow().code()).contains("503");
        assertThat(facts.answer().usage()).isNotInstanceOf(UsageReading.Missing.class);
    }

    @Test
    void error_in_place_of_everything_costs_nothing() {
        // Given
        StreamRelay events = relay(EVENTS);
        StreamRelay bare = relay(EVENTS);
        StreamRelay array = relay(ARRAY);
        String error = "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\"}}";

        // When
        Gemini.feed(events, Gemini.bytes("data: " + error + "\n\n"), List.of());
        Gemini.feed(bare, Gemini.bytes(error), List.of());
        Gemini.feed(array, Gemini.bytes("[" + error + "]"), List.of());

        // Then
        for (var relay : List.of(events, bare, array)) {
            assertThat(relay.facts().answer().usage()).isEqualTo(new Reported(TokenUsage.NONE, Optional.empty()));
            assertThat(relay.facts().error().orElseThrow().type()).contains("RESOURCE_EXHAUSTED");
        }
    }

    @Test
    void prompt_that_is_blocked_ends_the_stream_well() {
        // Given
        StreamRelay relay = relay(EVENTS);
        String blocked = "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":"
                + "{\"promptTokenCount\":9,\"totalTokenCount\":9},\"modelVersion\":\"gemini-3.5-flash\"}\r\n\r\n";

        // When
        Gemini.feed(relay, Gemini.bytes(blocked), List.of());

        // Then
        assertThat(relay.facts().done()).isTrue();
        assertThat(relay.facts().answer().usage()).isEqualTo(new Reported(TokenUsage.of(9, 0), Optional.empty()));
        assertThat(relay.facts().answer().finishReasons()).containsExactly("SAFETY");
    }

    @Test
    void stream_has_ended_only_when_every_candidate_has() {
        // Given
        StreamRelay relay = relay(EVENTS);
        String both = "data: {\"candidates\":[{\"finishReason\":\"STOP\"},{\"index\":1}],"
                + "\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":2}}\n\n";
        String other = "data: {\"candidates\":[{\"index\":1,\"finishReason\":\"STOP\"}],"
                + "\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":4}}\n\n";

        // When
        relay.feed(Gemini.bytes(both), 0, both.length());
        var before = relay.facts().answer().usage();
        relay.feed(Gemini.bytes(other), 0, other.length());

        // Then
        assertThat(before).isEqualTo(new Partial(TokenUsage.of(9, 2), Optional.empty()));
        assertThat(relay.facts().answer().usage()).isEqualTo(new Reported(TokenUsage.of(9, 4), Optional.empty()));
    }

    @Test
    void queries_that_chunks_repeat_count_once() {
        // Given
        StreamRelay relay = relay(ARRAY);
        String first = "{\"candidates\":[{\"groundingMetadata\":{\"webSearchQueries\":[\"a\"]}}]}";
        String last =
                "{\"candidates\":[{\"finishReason\":\"STOP\",\"groundingMetadata\":{\"webSearchQueries\":[\"a\",\"b\"]}}],"
                        + "\"usageMetadata\":{\"promptTokenCount\":9},\"modelVersion\":\"gemini-3.5-flash\"}";

        // When
        Gemini.feed(relay, Gemini.bytes("[" + first + "," + last + "]"), List.of());

        // Then
        assertThat(relay.facts().answer().usage())
                .isInstanceOfSatisfying(
                        Reported.class,
                        reported -> assertThat(reported.tokens().fees().searchQueries())
                                .isEqualTo(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, ARRAY})
    void chunk_that_is_too_large_passes_unread_and_reading_goes_on(String name) {
        // Given
        var context = Gemini.context();
        StreamRelay relay = name.equals(ARRAY) ? new ArrayRelay(context, 600) : new EventRelay(context, 600);
        String large = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + "\\u00e9]}".repeat(500) + "\"}]}}]}";
        String small = "{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":9}}";
        String stream = name.equals(ARRAY)
                ? "[" + large + ",\r\n" + small + "]"
                : "data: " + large + "\r\n\r\ndata: " + small + "\r\n\r\n";

        // When
        Received received = Gemini.feed(relay, Gemini.bytes(stream), List.of(100, 900, 1700));

        // Then
        assertThat(received.all()).isEqualTo(stream);
        assertThat(relay.facts().unreadEvents()).isEqualTo(1);
        assertThat(relay.textBytes()).isGreaterThanOrEqualTo(large.length());
        assertThat(relay.facts().answer().usage()).isEqualTo(new Reported(TokenUsage.of(9, 0), Optional.empty()));
    }

    /** The chunks as a client reads them. */
    private static List<JsonNode> read(String name, String stream) {
        if (name.equals(ARRAY)) {
            return List.copyOf(Gemini.tree(Gemini.bytes(stream)).valueStream().toList());
        }
        return stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> Gemini.tree(Gemini.bytes(line.substring(6))))
                .toList();
    }

    private static StreamRelay relay(String name) {
        var sample = Gemini.sample(name);
        // The key is taken out of the query before a format sees it.
        var target = sample.at("/request/path").asText().replaceFirst("\\?key=.*", "");
        return Gemini.parsed(target, sample.at("/request/body").toString()).relay();
    }
}
