package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.openai.ChatStreamRelay.Drops;
import dev.quotary.provider.openai.Splits.Received;
import dev.quotary.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random streams, in random pieces, against what was meant when they were made. */
class ChatStreamProperties {
    /** A stream as it is made: what the provider sends, what the client must get, and what must be known. */
    private static final class Made {
        private final StringBuilder sent = new StringBuilder();
        private final StringBuilder received = new StringBuilder();
        private final StringBuilder text = new StringBuilder();
        private UsageReading usage = new Missing();
    }

    @Test
    void client_gets_what_was_meant_for_it_and_usage_is_read() {
        Seeds.forEach(3_000, random -> {
            // Given
            boolean strips = random.nextBoolean();
            Made made = made(random, strips);
            byte[] stream = made.sent.toString().getBytes(StandardCharsets.UTF_8);
            StreamRelay relay = new ChatStreamRelay(
                    Requests.context(), strips ? Drops.USAGE : Drops.NOTHING, 1, ChatStreamRelay.EVENT_BYTES_MAX);

            // When
            Received received = Splits.feed(relay, stream, Splits.randomCuts(random, stream.length));

            // Then
            assertThat(received.now()).isEqualTo(made.received.toString());
            assertThat(received.tail()).startsWith("data: [DONE]");
            assertThat(relay.facts().answer().usage()).isEqualTo(made.usage);
            assertThat(relay.text().kept()).isEqualTo(made.text.toString());
            assertThat(relay.textBytes()).isEqualTo(made.text.toString().getBytes(StandardCharsets.UTF_8).length);
        });
    }

    @Test
    void damaged_streams_are_passed_on_without_an_exception() {
        byte[] noise = "{}[]\":,\\\n\r udatsgenl0:".getBytes(StandardCharsets.UTF_8);
        Seeds.forEach(20_000, random -> {
            // Given
            byte[] stream = made(random, true).sent.toString().getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(6); i >= 0; i--) {
                stream[random.nextInt(stream.length)] =
                        random.nextInt(4) == 0 ? (byte) random.nextInt(256) : noise[random.nextInt(noise.length)];
            }
            StreamRelay passing =
                    new ChatStreamRelay(Requests.context(), Drops.NOTHING, 1, ChatStreamRelay.EVENT_BYTES_MAX);
            StreamRelay whole =
                    new ChatStreamRelay(Requests.context(), Drops.USAGE, 1, ChatStreamRelay.EVENT_BYTES_MAX);
            StreamRelay pieces =
                    new ChatStreamRelay(Requests.context(), Drops.USAGE, 1, ChatStreamRelay.EVENT_BYTES_MAX);
            List<Integer> cuts = Splits.randomCuts(random, stream.length);

            // When
            Received passed = Splits.feed(passing, stream, cuts);
            Received fromWhole = Splits.feed(whole, stream, List.of());
            Received fromPieces = Splits.feed(pieces, stream, cuts);

            // Then
            assertThat(passed.all()).isEqualTo(new String(stream, StandardCharsets.UTF_8));
            assertThat(fromPieces).isEqualTo(fromWhole);
            assertThat(pieces.facts()).isEqualTo(whole.facts());
            assertThat(passing.facts()).isEqualTo(whole.facts());
        });
    }

    private static Made made(RandomGenerator random, boolean strips) {
        var made = new Made();
        String end = random.nextBoolean() ? "\n" : "\r\n";
        for (int i = random.nextInt(6); i >= 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> both(made, pick(random, ": ping", ":", "") + end + (random.nextBoolean() ? end : ""));
                case 1 ->
                    both(made, "data: {\"choices\":[],\"prompt_filter_results\":[{\"content\":\"no\"}]}" + end + end);
                case 2 -> usage(made, random, strips, end);
                default -> text(made, random, strips, end);
            }
        }
        made.sent.append("data: [DONE]").append(end).append(end);
        return made;
    }

    private static void both(Made made, String event) {
        made.sent.append(event);
        made.received.append(event);
    }

    private static void text(Made made, RandomGenerator random, boolean strips, String end) {
        String piece = pick(random, "Hi", " there 😀", "中文", "", "\"usage\":null", "},{", "\\", "a\nb");
        String nulls = pick(random, "", ",\"usage\":null", ", \"usage\" : null");
        String choices = "\"choices\":[{\"index\":0,\"delta\":{\"content\":" + Sample.MAPPER.valueToTree(piece)
                + "},\"finish_reason\":null}]";
        String obfuscation = pick(random, "", ",\"obfuscation\":\"aq\"");
        made.sent.append("data: {" + choices + nulls + obfuscation + "}" + end + end);
        made.received.append("data: {" + choices + (strips ? "" : nulls) + obfuscation + "}" + end + end);
        made.text.append(piece);
    }

    private static void usage(Made made, RandomGenerator random, boolean strips, String end) {
        int input = random.nextInt(1_000);
        int output = random.nextInt(1_000);
        String usage = "\"usage\" :{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output + "}";
        String chunk = pick(random, "{\"choices\":[]," + usage + "}", "{ " + usage + " , \"choices\" : [] }");
        String event = pick(random, "", "event: usage" + end) + "data: " + chunk + end + end;
        made.sent.append(event);
        made.received.append(strips ? "" : event);
        made.usage = new Reported(TokenUsage.of(input, output), Optional.empty());
    }

    private static String pick(RandomGenerator random, String... values) {
        return values[random.nextInt(values.length)];
    }
}
