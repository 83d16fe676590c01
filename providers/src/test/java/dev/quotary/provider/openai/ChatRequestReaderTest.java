package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.UsageBound;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestReaderTest {
    @Test
    void facts_are_read_wherever_they_stand() {
        // Given
        String body = """
                 { "n": 3, "messages": [ {"role":"user","content":"Hi"}, {"content":"Ho","role":"user"} ],
                   "user" : "u-1", "stream" : true, "stream_options": {"include_obfuscation":false,"include_usage":true},
                   "service_tier": "flex", "max_completion_tokens": 70, "temperature": 0.5, "model" : "gpt-6-sol" }""";

        // When
        RequestFacts facts = Requests.parsed(body).facts();

        // Then
        assertThat(facts.model()).isEqualTo("gpt-6-sol");
        assertThat(facts.streaming()).isEqualTo(Streaming.ON_WITH_USAGE);
        assertThat(facts.output()).isEqualTo(new OutputBound(OptionalLong.of(70), 3));
        assertThat(facts.output().tokensMax()).hasValue(210);
        assertThat(facts.tiers()).containsExactlyInAnyOrder(ServiceTier.FLEX, ServiceTier.STANDARD);
        assertThat(facts.user()).contains("u-1");
        assertThat(facts.input().messages()).isEqualTo(2);
        assertThat(facts.toolFees()).isFalse();
    }

    @Test
    void what_the_client_does_not_say_has_defaults() {
        // When
        RequestFacts facts = Requests.parsed(
                        Requests.with(
                                "\"n\":null,\"user\":null,\"stream\":null,\"max_tokens\":null,\"service_tier\":null,\"stream_options\":null,\"tools\":null"))
                .facts();

        // Then
        assertThat(facts.streaming()).isEqualTo(Streaming.OFF);
        assertThat(facts.output()).isEqualTo(new OutputBound(OptionalLong.empty(), 1));
        assertThat(facts.tiers()).containsExactlyInAnyOrder(ServiceTier.STANDARD, ServiceTier.PRIORITY);
        assertThat(facts.user()).isEmpty();
        assertThat(facts.input().tokensMax()).isEqualTo(20 + 4 + "user".length() + "Hi".length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"model\":\"m\"'|model|Duplicate",
                "'\"mod\\u0065l\":\"m\"'|model|Duplicate",
                "'\"MODEL\":\"m\"'|MODEL|Unknown",
                "'\"Messages\":[]'|Messages|Unknown",
                "'\"\u017Ftream\":true'|\u017Ftream|Unknown",
                "'\"max_to\u212Aens\":5'|max_to\u212Aens|Unknown",
                "'\"messages\":[]'|messages|Duplicate",
                "'\"n\":1,\"n\":1'|n|Duplicate",
                "'\"tools\":[],\"tools\":[]'|tools|Duplicate",
                "'\"stream\":1'|stream|Invalid type",
                "'\"stream\":\"true\"'|stream|Invalid type",
                "'\"stream_options\":[]'|stream_options|Invalid type",
                "'\"stream_options\":{\"include_usage\":1}'|stream_options.include_usage|Invalid type",
                "'\"stream_options\":{\"include_usage\":true,\"include_usage\":false}'|stream_options.include_usage|Duplicate",
                "'\"max_tokens\":0'|max_tokens|Invalid",
                "'\"max_tokens\":-1'|max_tokens|Invalid",
                "'\"max_tokens\":1.5'|max_tokens|Invalid",
                "'\"max_tokens\":5.0'|max_tokens|Invalid",
                "'\"max_tokens\":1e2'|max_tokens|Invalid",
                "'\"max_tokens\":\"5\"'|max_tokens|Invalid",
                "'\"max_completion_tokens\":[5]'|max_completion_tokens|Invalid",
                "'\"max_completion_tokens\":1000000001'|max_completion_tokens|Invalid",
                "'\"max_completion_tokens\":99999999999999999999'|max_completion_tokens|Invalid",
                "'\"n\":0'|n|Invalid",
                "'\"n\":129'|n|Invalid",
                "'\"n\":true'|n|Invalid",
                "'\"service_tier\":1'|service_tier|Invalid type",
                "'\"user\":{\"a\":1}'|user|Invalid type",
                "'\"models\":[\"a\",\"b\"]'|models|Unsupported"
            })
    void member_that_would_make_the_price_doubtful_is_rejected(String member, String param, String begin) {
        // When
        RequestReading reading = Requests.read(Requests.with(member));

        // Then
        assertThat(reading).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.param()).contains(param);
            assertThat(rejected.message()).startsWith(begin);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                "{\"model\":\"m\"}",
                "{\"model\":\"m\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":null}",
                "{\"model\":\"m\",\"messages\":\"Hi\"}",
                "{\"model\":\"m\",\"messages\":[\"Hi\"]}",
                "{\"model\":\"m\",\"messages\":[[]]}",
                "{\"model\":\"\",\"messages\":[{}]}",
                "{\"model\":\"  \",\"messages\":[{}]}",
                "{\"model\":null,\"messages\":[{}]}",
                "{\"model\":5,\"messages\":[{}]}",
                "{\"model\":[\"m\"],\"messages\":[{}]}",
                "{\"model\":\"a\\nb\",\"messages\":[{}]}"
            })
    void requests_without_model_or_messages_are_rejected_with_the_param(String body) {
        assertThat(Requests.read(body))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.param()).isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{\"model\"}",
                "{\"model\":\"m\",}",
                "{\"model\":\"m\" \"messages\":[]}",
                "{'model':'m'}",
                "{\"model\":\"m\",\"messages\":[{}]",
                "{\"model\":\"m\",\"messages\":[{}]}}",
                "{\"model\":\"m\",\"messages\":[{}]} x",
                "{\"model\":\"m\",\"messages\":[{}]}{\"model\":\"n\"}",
                "{\"model\":\"m\",\"messages\":[{]}}",
                "{\"model\":\"m\",\"messages\":[{\"content\":\"a\nb\"}]}",
                "{\"model\":\"m\",\"messages\":[{\"content\":\"\\x\"}]}",
                "{\"model\":\"m\",\"messages\":[{\"content\":\"\\u12\"}]}",
                "{\"model\":\"m\",\"messages\":[{}],\"n\":01}",
                "{\"model\":\"m\",\"messages\":[{}],\"n\":NaN}",
                "{\"model\":\"m\",\"messages\":[{}],/* */\"n\":1}"
            })
    void bodies_that_are_not_one_json_object_are_rejected(String body) {
        assertThat(Requests.read(body))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.param()).isEmpty());
    }

    @Test
    void bytes_that_are_not_utf8_are_rejected() {
        // Given
        OpenAiChat format = Requests.format(ChatDialect.OPENAI);
        byte[] bad = Requests.with("\"x\":\"?\"").getBytes(StandardCharsets.UTF_8);
        bad[bad.length - 3] = (byte) 0xFF;
        byte[] wide = Requests.with("\"x\":1").getBytes(StandardCharsets.UTF_16LE);
        byte[] marked = ("\uFEFF" + Requests.with("\"x\":1")).getBytes(StandardCharsets.UTF_8);
        for (byte[] body : new byte[][] {bad, wide, marked}) {
            // When
            RequestReading reading = format.readRequest(Requests.TARGET, body);

            // Then
            assertThat(reading).isInstanceOf(Rejected.class);
        }
    }

    @Test
    void every_truncation_is_rejected() {
        // Given
        byte[] body = Sample.of("06-openai-chat-stream-tool-call").request();
        for (int length = 0; length < body.length; length++) {
            // When
            RequestReading reading =
                    Requests.format(ChatDialect.OPENAI).readRequest(Requests.TARGET, Arrays.copyOf(body, length));

            // Then
            assertThat(reading).as("length %s", length).isInstanceOf(Rejected.class);
        }
    }

    @Test
    void depth_is_bounded_wherever_it_is() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        String fine = "[".repeat(200) + "]".repeat(200);
        for (String member :
                new String[] {"\"x\":%s", "\"tools\":%s", "\"metadata\":%s", "\"prediction\":{\"a\":%s}"}) {
            // When
            RequestReading reading = Requests.read(Requests.with(member.formatted(deep)));

            // Then
            assertThat(reading)
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.message()).contains("256"));
            assertThat(Requests.read(Requests.with(member.formatted(fine)))).isInstanceOf(RequestReading.Parsed.class);
        }
        assertThat(Requests.read("{\"model\":\"m\",\"messages\":[{\"content\":" + deep + "}]}"))
                .isInstanceOf(Rejected.class);
    }

    @Test
    void lengths_are_bounded() {
        assertThat(Requests.read("{\"model\":\"" + "m".repeat(257) + "\",\"messages\":[{}]}"))
                .isInstanceOf(Rejected.class);
        assertThat(Requests.read(Requests.with("\"user\":\"" + "u".repeat(513) + "\"")))
                .isInstanceOf(Rejected.class);
        assertThat(Requests.read(Requests.with("\"" + "k".repeat(60_000) + "\":1")))
                .isInstanceOf(Rejected.class);
        assertThat(Requests.read(Requests.with("\"n\":" + "1".repeat(2_000)))).isInstanceOf(Rejected.class);
    }

    @Test
    void of_two_caps_the_larger_one_is_held() {
        // When
        RequestFacts facts = Requests.parsed(Requests.with("\"max_tokens\":10,\"max_completion_tokens\":7"))
                .facts();

        // Then
        assertThat(facts.output().perChoiceMax()).hasValue(10);
    }

    @ParameterizedTest
    @CsvSource({
        "default, STANDARD",
        "scale, STANDARD",
        "flex, FLEX STANDARD",
        "auto, STANDARD PRIORITY",
        "fast, STANDARD PRIORITY",
        "priority, STANDARD PRIORITY",
        "unheard-of, STANDARD BATCH FLEX PRIORITY"
    })
    void every_tier_that_may_be_charged_is_named(String wish, String tiers) {
        // When
        RequestFacts facts = Requests.parsed(Requests.with("\"service_tier\":\"" + wish + "\""))
                .facts();

        // Then
        assertThat(facts.tiers()).extracting(ServiceTier::name).containsExactlyInAnyOrder(tiers.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"custom\"}]'|false",
                "'\"tools\":[{\"type\":\"web_search\"}]'|true",
                "'\"web_search_options\":{}'|true",
                "'\"web_search_options\":null'|false",
                "'\"search_parameters\":{\"mode\":\"auto\"}'|true",
                "'\"plugins\":[{\"id\":\"web\"}]'|true"
            })
    void tools_that_run_at_the_provider_may_cost_a_fee(String member, boolean fees) {
        assertThat(Requests.parsed(Requests.with(member)).facts().toolFees()).isEqualTo(fees);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"modalities\":[\"text\"]'|false",
                "'\"modalities\":null'|false",
                "'\"modalities\":[\"text\",\"audio\"]'|true",
                "'\"modalities\":\"audio\"'|true",
                "'\"audio\":{\"voice\":\"ash\",\"format\":\"mp3\"}'|true"
            })
    void spoken_answers_may_report_audio(String member, boolean audio) {
        // When
        Set<Component> components =
                Requests.parsed(Requests.with(member)).facts().components();

        // Then
        assertThat(components.contains(Component.OUTPUT_AUDIO)).isEqualTo(audio);
        assertThat(components)
                .contains(Component.INPUT, Component.CACHED_INPUT, Component.CACHE_WRITE_5M, Component.OUTPUT);
        assertThat(components).doesNotContain(Component.INPUT_AUDIO, Component.CACHE_WRITE_1H);
    }

    @Test
    void usage_bound_is_input_and_output_of_all_choices() {
        // When
        UsageBound bound = Requests.parsed(Requests.with("\"n\":2,\"service_tier\":\"default\""))
                .facts()
                .usageBound(100);

        // Then
        assertThat(bound.input()).isEqualTo(30);
        assertThat(bound.output()).isEqualTo(200);
        assertThat(bound.tiers()).containsExactly(ServiceTier.STANDARD);
    }

    @Test
    void rejection_of_a_request_speaks_to_the_client() {
        assertThat(Requests.read("{\"messages\":[{}]}"))
                .isEqualTo(new Rejected("Missing required parameter: 'model'.", Optional.of("model")));
    }
}
