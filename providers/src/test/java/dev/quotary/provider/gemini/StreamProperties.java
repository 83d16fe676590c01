package dev.quotary.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.gemini.Gemini.Received;
import dev.quotary.testkit.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random and damaged streams in both forms, in random pieces, against what was meant when they were made. */
class StreamProperties {
    private static final byte[] NOISE = Gemini.bytes("{}[]\":,\\\n\r dat0123456789-.eE nul");

    /** A stream as it is made, and what must be known of it. */
    private static final class Made {
        private final StringBuilder sent = new StringBuilder();
        private final StringBuilder text = new StringBuilder();
        private TokenUsage usage = TokenUsage.NONE;
    }

    @Test
    void client_gets_every_byte_and_the_last_totals_stand() {
        Seeds.forEach(3_000, random -> {
            // Given
            boolean array = random.nextBoolean();
            boolean whole = random.nextInt(4) > 0;
            Made made = made(random, array, whole);
            byte[] stream = Gemini.bytes(made.sent.toString());
            StreamRelay relay = relay(array);

            // When
            Received received = Gemini.feed(relay, stream, Gemini.randomCuts(random, stream.length));

            // Then
            assertThat(received.all()).isEqualTo(made.sent.toString());
            UsageReading expected =
                    whole ? new Reported(made.usage, Optional.empty()) : new Partial(made.usage, Optional.empty());
            assertThat(relay.facts().answer().usage()).isEqualTo(expected);
            assertThat(relay.facts().done()).isEqualTo(whole);
            assertThat(relay.text().kept()).isEqualTo(made.text.toString());
            assertThat(relay.textBytes()).isEqualTo(Gemini.bytes(made.text.toString()).length);
        });
    }

    @Test
    void damaged_streams_never_throw_and_are_read_the_same_in_any_pieces() {
        Seeds.forEach(20_000, random -> {
            // Given
            boolean array = random.nextBoolean();
            byte[] stream = Gemini.bytes(made(random, array, true).sent.toString());
            for (int i = random.nextInt(6); i >= 0; i--) {
                stream[random.nextInt(stream.length)] =
                        random.nextInt(4) == 0 ? (byte) random.nextInt(256) : NOISE[random.nextInt(NOISE.length)];
            }
            StreamRelay whole = relay(array);
            StreamRelay pieces = relay(array);

            // When
            Received fromWhole = Gemini.feed(whole, stream, List.of());
            Received fromPieces = Gemini.feed(pieces, stream, Gemini.randomCuts(random, stream.length));

            // Then: all passes but an end that no client could read.
            assertThat(fromPieces).isEqualTo(fromWhole);
            assertThat(pieces.facts()).isEqualTo(whole.facts());
            assertThat(pieces.text()).isEqualTo(whole.text());
            assertThat(Gemini.text(stream)).startsWith(fromWhole.now());
            if (whole.facts().done() && array) {
                assertThat(fromWhole.all()).isEqualTo(Gemini.text(stream));
            }
        });
    }

    @Test
    void damaged_answers_are_read_as_a_tree_parser_reads_them_or_are_broken() {
        byte[] sample = Gemini.bytes(Gemini.sample("27-gemini-thoughts-cache-tools")
                .at("/response/body")
                .toString());
        var format = Gemini.format(Gemini.GENERATE);
        Seeds.forEach(20_000, random -> {
            // Given
            byte[] answer = sample.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(answer.length / 3, answer.length);
                answer[at] = random.nextInt(8) == 0 ? (byte) random.nextInt(256) : NOISE[random.nextInt(NOISE.length)];
            }

            // When
            UsageReading usage = format.readAnswer(answer).usage();

            // Then
            switch (usage) {
                case Reported(var tokens, var _, var _) -> {
                    JsonNode told = Gemini.tree(answer).path("usageMetadata");
                    long read = told.path("promptTokenCount").asLong()
                            + told.path("toolUsePromptTokenCount").asLong();
                    assertThat(tokens.totalInput()).isEqualTo(read);
                    long written = told.path("candidatesTokenCount").asLong()
                            + told.path("thoughtsTokenCount").asLong();
                    long total = told.hasNonNull("totalTokenCount")
                            ? told.path("totalTokenCount").asLong()
                            : read + written;
                    assertThat(tokens.totalOutput()).isEqualTo(total - read);
                }
                case UsageReading.Missing() ->
                    assertThat(Gemini.tree(answer).hasNonNull("usageMetadata")).isFalse();
                case UsageReading.Broken(String reason) -> assertThat(reason).isNotBlank();
                case Partial _, UsageReading.Begun _ ->
                    throw new AssertionError("a whole answer is never partial: " + usage);
            }
        });
    }

    private static StreamRelay relay(boolean array) {
        var context = Gemini.context();
        return array ? new ArrayRelay(context, 1 << 20) : new EventRelay(context, 1 << 20);
    }

    private static Made made(RandomGenerator random, boolean array, boolean whole) {
        var made = new Made();
        String end = random.nextBoolean() ? "\n\n" : "\r\n\r\n";
        int chunks = 1 + random.nextInt(5);
        made.sent.append(array ? "[" : "");
        for (int i = 0; i < chunks; i++) {
            String chunk = chunk(made, random, whole && i == chunks - 1, array);
            if (array) {
                made.sent
                        .append(i == 0 ? "" : pick(random, ",", ",\r\n", " , "))
                        .append(chunk);
            } else {
                made.sent.append(random.nextInt(5) == 0 ? ": ping" + end : "");
                made.sent.append("data: ").append(chunk).append(end);
            }
        }
        made.sent.append(array && whole ? pick(random, "]", "\n]\n", " ]") : "");
        return made;
    }

    private static String chunk(Made made, RandomGenerator random, boolean last, boolean array) {
        String piece = pick(random, "Hi", " there 😀", "中文", "", "}]", "{[", "\\", "a\"b", "]\n}");
        made.text.append(piece);
        long input = random.nextInt(1_000);
        long output = random.nextInt(1_000);
        made.usage = TokenUsage.of(input, output);
        String space = array ? pick(random, "", "\n  ", " ") : "";
        return "{" + space + "\"candidates\":[{\"content\":{\"parts\":[{\"text\":" + Gemini.MAPPER.valueToTree(piece)
                + "}]},\"index\":0" + (last ? ",\"finishReason\":\"STOP\"" : "") + "}]," + space
                + "\"usageMetadata\":{\"promptTokenCount\":" + input + ",\"candidatesTokenCount\":" + output
                + "},\"modelVersion\":\"gemini-3.5-flash\"" + space + "}";
    }

    private static String pick(RandomGenerator random, String... values) {
        return values[random.nextInt(values.length)];
    }
}
