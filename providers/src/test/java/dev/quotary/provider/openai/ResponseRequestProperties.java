package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.provider.WireFormat;
import dev.quotary.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random requests for responses against Jackson's tree of them, and against a vocabulary. */
class ResponseRequestProperties {
    private static final WireFormat FORMAT = Formats.of("/v1/responses");
    private static final String[] TEXTS = {"Hi", " 中文 😀", "\\u4e2d\\n\\\"", "0123456789", "a\\\\", "}],\\\"", ""};

    @Test
    void cap_is_all_that_changes() {
        Seeds.forEach(3_000, random -> {
            // Given
            var body = request(random);
            boolean capped = random.nextBoolean();
            var request = Formats.parsed(FORMAT, body);
            // When
            var upstream = Formats.upstream(request, capped ? OptionalLong.of(77) : OptionalLong.empty());
            // Then
            var expected = (ObjectNode) Sample.tree(body.getBytes(StandardCharsets.UTF_8));
            if (capped && !expected.hasNonNull("max_output_tokens")) {
                expected.put("max_output_tokens", 77);
                if (expected.path("tools").toString().contains("web_search") && !expected.has("max_tool_calls")) {
                    expected.put("max_tool_calls", 10);
                }
            }
            assertThat(Sample.tree(upstream.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
            assertThat(capped || upstream.equals(body)).isTrue();
        });
    }

    @Test
    void bound_is_never_below_the_count_of_a_vocabulary() {
        Encoding encoding = Formats.TOKENIZERS.of("gpt-5.5");
        Seeds.forEach(1_000, random -> {
            // Given
            var body = request(random);
            // When
            var facts = Formats.parsed(FORMAT, body).facts();
            var counted = Formats.parsed(FORMAT, body).countedInput().orElseThrow();
            // Then
            long tokens = 0;
            for (var text : Sample.tree(body.getBytes(StandardCharsets.UTF_8)).findValues("text")) {
                tokens += encoding.countTokensOrdinary(text.asText());
            }
            assertThat(facts.input().tokensMax()).isGreaterThanOrEqualTo(tokens);
            assertThat(counted.tokensMax()).isBetween(tokens, facts.input().tokensMax());
        });
    }

    private static String request(RandomGenerator random) {
        List<String> members = new ArrayList<>();
        members.add(member(random, "model", "\"gpt-5.5\""));
        members.add(member(random, "input", input(random)));
        maybe(random, members, "instructions", "\"be nice\"", "null");
        maybe(random, members, "stream", "true", "false", "null");
        maybe(random, members, "max_output_tokens", "null", "5", "700");
        maybe(random, members, "max_tool_calls", "null", "3");
        maybe(
                random,
                members,
                "tools",
                "[]",
                "null",
                "[{\"type\":\"web_search\"}]",
                "[{\"name\":\"f\",\"parameters\":{\"model\":\"x\",\"type\":\"object\"},\"type\":\"function\"}]");
        maybe(random, members, "temperature", "0.70", "1e0");
        maybe(random, members, "x-\\\"odd\\\"", "\"\\\\\"", "{\"max_output_tokens\":1}", "[[[]]]");
        Collections.shuffle(members, random);
        return space(random) + "{" + String.join(",", members) + "}" + space(random);
    }

    private static String input(RandomGenerator random) {
        List<String> items = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            items.add("{\"role\":\"user\"," + space(random) + "\"content\":[{\"type\":\"input_text\",\"text\":\""
                    + pick(random, TEXTS).repeat(random.nextInt(1, 40)) + "\"}]}");
        }
        return "[" + String.join(space(random) + ",", items) + "]";
    }

    private static void maybe(RandomGenerator random, List<String> members, String name, String... values) {
        if (random.nextInt(3) > 0) {
            members.add(member(random, name, pick(random, values)));
        }
    }

    private static String member(RandomGenerator random, String name, String value) {
        return space(random) + "\"" + name + "\"" + space(random) + ":" + space(random) + value + space(random);
    }

    private static String pick(RandomGenerator random, String... values) {
        return values[random.nextInt(values.length)];
    }

    private static String space(RandomGenerator random) {
        return pick(random, "", "", "", " ", "\n", "\r\n\t ");
    }
}
