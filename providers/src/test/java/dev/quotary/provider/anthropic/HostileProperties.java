package dev.quotary.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.UsageReading.Begun;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random damage: never a wrong usage, never an exception. */
class HostileProperties {
    private static final byte[] NOISE = Messages.bytes("{}[]\":,\\0123456789-.eE nul\r\n");

    @Test
    void damaged_answer_is_read_as_a_tree_parser_reads_it_or_is_set_aside() {
        byte[] sound = Messages.bytes(Messages.sample("19-anthropic-cache-write-read")
                .at("/response/body")
                .toString());
        Seeds.forEach(20_000, random -> {
            // Given: the second half holds the usage.
            byte[] answer = damaged(sound, sound.length / 2, random);
            // When
            var facts = Messages.read(answer);
            // Then
            switch (facts.usage()) {
                case Reported(var tokens, var _, var parts) -> {
                    JsonNode usage = Messages.tree(answer).path("usage");
                    assertThat(tokens.input())
                            .isEqualTo(usage.path("input_tokens").asLong());
                    assertThat(tokens.cachedInput())
                            .isEqualTo(usage.path("cache_read_input_tokens").asLong());
                    assertThat(tokens.output())
                            .isEqualTo(usage.path("output_tokens").asLong());
                    assertThat(parts).isEmpty();
                }
                case Missing() ->
                    assertThat(Messages.tree(answer).hasNonNull("usage")).isFalse();
                case Partial partial -> throw new AssertionError("a whole answer is never partial: " + partial);
                case Begun begun -> throw new AssertionError("a whole answer has ended: " + begun);
                case Broken(String reason) -> assertThat(reason).isNotBlank();
            }
            assertThat(Messages.FORMAT.readText(answer).bytes()).isLessThanOrEqualTo(answer.length);
            assertThat(Messages.API.readAnswer(answer)).isNotNull();
            assertThat(Messages.FORMAT.readError(answer)).isNotNull();
        });
    }

    @Test
    void damaged_stream_passes_byte_for_byte_and_is_read_alike_in_all_pieces() {
        byte[] sound = Messages.bytes(Events.start("\"input_tokens\":25,\"cache_creation_input_tokens\":3")
                + Events.text("中文 😀 \\\"usage\\\"") + ": hi\n\n" + Events.PING
                + Events.delta("end_turn", "\"output_tokens\":12").replace("\n", "\r\n") + Events.STOP);
        Seeds.forEach(20_000, random -> {
            // Given
            byte[] stream = damaged(sound, 0, random);
            var whole = Messages.relay();
            var pieces = Messages.relay();
            // When
            var expected = Splits.whole(whole, stream);
            var received = Splits.at(pieces, stream, Splits.random(random, stream.length));
            // Then
            assertThat(expected.all()).isEqualTo(new String(stream, StandardCharsets.UTF_8));
            assertThat(received).isEqualTo(expected);
            assertThat(pieces.facts()).isEqualTo(whole.facts());
            assertThat(pieces.text()).isEqualTo(whole.text());
        });
    }

    @Test
    void damaged_request_is_bounded_as_a_tree_parser_reads_it_or_refused() {
        var more =
                ",\"stream\":true,\"system\":[{\"type\":\"text\",\"text\":\"中\",\"cache_control\":{\"ttl\":\"1h\"}}],"
                        + "\"tools\":[{\"type\":\"web_search_20250305\",\"max_uses\":3},{\"name\":\"f\",\"input_schema\":{}}],"
                        + "\"fallbacks\":[{\"model\":\"m\"}],\"context_management\":{\"edits\":[]},\"mcp_servers\":[],\"x\":[1,{}]";
        var blocks =
                "[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"u\"}},"
                        + "{\"type\":\"tool_result\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}]";
        byte[] sound = Messages.bytes(Messages.request("claude-opus-5", blocks, more));
        Seeds.forEach(20_000, random -> {
            // Given
            byte[] body = damaged(sound, 0, random);
            // When
            var reading = Messages.FORMAT.readRequest(Messages.HEAD, body);
            // Then
            if (reading instanceof Parsed(ProviderRequest request)) {
                var facts = request.facts();
                JsonNode tree = Messages.tree(body);
                assertThat(request.upstreamBody(OptionalLong.empty())).isSameAs(body);
                assertThat(facts.model()).isEqualTo(tree.path("model").asText());
                assertThat(facts.output().tokensMax().orElseThrow())
                        .isGreaterThanOrEqualTo(tree.path("max_tokens").asLong());
                assertThat(facts.input().textBytes()).isGreaterThanOrEqualTo(texts(tree));
                facts.usageBound(1);
            }
        });
    }

    /** Characters of all that is text for certain. */
    private static long texts(JsonNode tree) {
        return tree.findValuesAsText("text").stream().mapToLong(String::length).sum();
    }

    @Test
    void hostile_sizes_are_counted_without_an_exception() {
        for (var messages : List.of(
                "[" + "{},".repeat(200_000) + "{}]",
                "[{\"content\":[" + "{\"type\":\"image\",\"source\":{}},".repeat(100_000) + "{}]}]",
                "[{\"content\":\"" + "\\u0000".repeat(200_000) + "\"}]")) {
            // When
            var reading = Messages.read(Messages.request("m", messages, ""));
            // Then
            assertThat(reading).isInstanceOf(Parsed.class);
        }
    }

    @Test
    void bound_stays_within_what_can_be_counted() {
        // Given
        var tool = "{\"type\":\"advisor_20260301\",\"max_uses\":1000,\"max_tokens\":1000000000},";
        var body = Messages.with(",\"tools\":[" + tool.repeat(100_000) + "{}],\"fallbacks\":["
                + "{\"model\":\"m\",\"max_tokens\":1000000000},".repeat(100_000) + "{\"model\":\"m\"}]");
        // When
        var facts = Messages.facts(body);
        // Then
        var bound = facts.usageBound(facts.output().perChoiceMax().orElseThrow());
        assertThat(bound.input()).isEqualTo(1_000_000_000_000L);
        assertThat(bound.output()).isEqualTo(1_000_000_000_000L);
    }

    private static byte[] damaged(byte[] sound, int from, RandomGenerator random) {
        byte[] damaged = sound.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(from, damaged.length);
            damaged[at] = random.nextInt(8) == 0 ? (byte) random.nextInt(256) : NOISE[random.nextInt(NOISE.length)];
        }
        return damaged;
    }
}
