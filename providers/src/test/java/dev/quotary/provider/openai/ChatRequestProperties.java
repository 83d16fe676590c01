package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.Streaming;
import dev.quotary.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random requests against Jackson's tree of them. */
class ChatRequestProperties {
    private static final OpenAiChat FORMAT = Requests.format(ChatDialect.OPENAI);

    @Test
    void rewriting_changes_the_intended_members_only() {
        Seeds.forEach(3_000, random -> {
            // Given
            byte[] body = randomRequest(random).getBytes(StandardCharsets.UTF_8);
            boolean capped = random.nextBoolean();
            ProviderRequest request = Requests.parsed(FORMAT, body);

            // When
            byte[] upstream = request.upstreamBody(capped ? OptionalLong.of(77) : OptionalLong.empty());

            // Then
            assertThat(Sample.tree(upstream)).isEqualTo(expected(body, capped));
            assertThat(isSubsequence(withoutChanged(body), upstream)).isTrue();
        });
    }

    @Test
    void facts_are_those_of_the_tree() {
        Seeds.forEach(3_000, random -> {
            // Given
            byte[] body = randomRequest(random).getBytes(StandardCharsets.UTF_8);
            JsonNode tree = Sample.tree(body);

            // When
            var facts = Requests.parsed(FORMAT, body).facts();

            // Then
            boolean stream = tree.path("stream").asBoolean();
            boolean asked = tree.at("/stream_options/include_usage").asBoolean();
            assertThat(facts.streaming())
                    .isEqualTo(stream ? (asked ? Streaming.ON_WITH_USAGE : Streaming.ON) : Streaming.OFF);
            assertThat(facts.model()).isEqualTo(tree.path("model").asText());
            assertThat(facts.output().choices()).isEqualTo(tree.path("n").asInt(1));
            long cap = Math.max(
                    tree.path("max_tokens").asLong(),
                    tree.path("max_completion_tokens").asLong());
            assertThat(facts.output().perChoiceMax().orElse(0)).isEqualTo(cap);
        });
    }

    @Test
    void broken_requests_are_answered_and_not_thrown_at() {
        Seeds.forEach(20_000, random -> {
            // Given
            byte[] body = randomRequest(random).getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                body[random.nextInt(body.length)] = (byte)
                        (random.nextBoolean() ? random.nextInt(256) : "{}[]\",:\\0ntu ".charAt(random.nextInt(13)));
            }

            // When
            RequestReading reading = FORMAT.readRequest(Requests.TARGET, body);

            // Then: what is let through is what a tree parser makes of it.
            if (reading instanceof Parsed(ProviderRequest request)) {
                byte[] upstream = request.upstreamBody(OptionalLong.of(77));
                assertThat(Sample.tree(upstream).path("model").asText())
                        .isEqualTo(request.facts().model());
                request.facts().usageBound(77);
            }
        });
    }

    private static JsonNode expected(byte[] body, boolean capped) {
        var tree = (ObjectNode) Sample.tree(body);
        if (tree.path("stream").asBoolean()) {
            if (tree.get("stream_options") instanceof ObjectNode options) {
                options.put("include_usage", true);
            } else {
                tree.putObject("stream_options").put("include_usage", true);
            }
        }
        if (capped && !tree.hasNonNull("max_tokens") && !tree.hasNonNull("max_completion_tokens")) {
            tree.put("max_completion_tokens", 77);
        }
        return tree;
    }

    /** The client's bytes without the two literals that may be replaced. */
    private static String withoutChanged(byte[] body) {
        return new String(body, StandardCharsets.UTF_8).replaceAll("null|false", "");
    }

    private static boolean isSubsequence(String part, byte[] whole) {
        String text = new String(whole, StandardCharsets.UTF_8);
        int at = 0;
        for (int i = 0; i < part.length(); i++) {
            at = text.indexOf(part.charAt(i), at) + 1;
            if (at == 0) {
                return false;
            }
        }
        return true;
    }

    private static String randomRequest(RandomGenerator random) {
        List<String> members = new ArrayList<>();
        members.add(member(random, "model", pick(random, "\"gpt-6\"", "\"vendor/m\\u00fc\"", "\"m 😀\"")));
        members.add(member(random, "messages", messages(random)));
        maybe(random, members, "stream", "true", "true", "false", "null");
        maybe(
                random,
                members,
                "stream_options",
                "null",
                "{}",
                "{ }",
                "{\"include_usage\":false}",
                "{\"include_usage\":true}",
                "{ \"x\":[{\"include_usage\":1}] , \"include_usage\" : null }",
                "{\"include_obfuscation\":true}");
        maybe(random, members, "max_tokens", "null", "5", "700");
        maybe(random, members, "max_completion_tokens", "null", "6", "800");
        maybe(random, members, "n", "null", "1", "128");
        maybe(random, members, "temperature", "0.70", "1e0", "-0");
        maybe(
                random,
                members,
                "tools",
                "[]",
                "[{\"type\":\"function\",\"function\":{\"parameters\":{\"model\":\"x\",\"stream\":true}}}]");
        maybe(random, members, "x-\\\"odd\\\"", "\"\\\\\"", "{\"max_tokens\":1}", "[[[]]]", "\"}\"");
        Collections.shuffle(members, random);
        return space(random) + "{" + String.join(",", members) + "}" + space(random);
    }

    private static String messages(RandomGenerator random) {
        List<String> messages = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            messages.add(pick(
                    random,
                    "{\"role\":\"user\",\"content\":\"Hi \\\"there\\\" \\u4e2d\"}",
                    "{\"content\":[{\"type\":\"text\",\"text\":\"}],\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:,\"}}]}",
                    "{ }"));
        }
        return "[" + String.join(space(random) + ",", messages) + space(random) + "]";
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
