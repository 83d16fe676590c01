package dev.quotary.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.price.Modifier;
import dev.quotary.price.PartUsage;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the usage of a whole answer comes to. */
class UsageReadingTest {
    @Test
    void cache_writes_and_reads_are_outside_the_input() {
        // Given
        var answer = Messages.bytes(Messages.sample("19-anthropic-cache-write-read")
                .at("/response/body")
                .toString());
        // When
        var facts = Messages.read(answer);
        // Then
        var tokens = tokens(21, 20_000, 456, 1_244, 50);
        assertThat(facts.usage()).isEqualTo(new Reported(tokens, Optional.empty()));
        assertThat(facts.served().model()).hasValue("claude-sonnet-4-5-20250929");
        assertThat(facts.served().tier()).isEqualTo(ServiceTier.STANDARD);
        assertThat(facts.served().modifiers()).isEmpty();
        assertThat(facts.finishReasons()).containsExactly("end_turn");
    }

    @Test
    void writes_without_their_life_have_the_default_one() {
        // When
        var reading = read(
                "{\"input_tokens\":1,\"cache_creation_input_tokens\":7,\"cache_creation\":null,\"output_tokens\":2}");
        // Then
        assertThat(reading).isEqualTo(new Reported(tokens(1, 0, 7, 0, 2), Optional.empty()));
    }

    @Test
    void life_alone_tells_the_writes() {
        // When
        var reading = read(
                "{\"cache_creation\":{\"ephemeral_1h_input_tokens\":7,\"other\":[1]},\"input_tokens\":1,\"output_tokens\":2}");
        // Then
        assertThat(reading).isEqualTo(new Reported(tokens(1, 0, 0, 7, 2), Optional.empty()));
    }

    @Test
    void thinking_is_part_of_the_output_and_searches_are_fees() {
        // When
        var reading =
                read("{\"input_tokens\":10,\"output_tokens\":30,\"output_tokens_details\":{\"thinking_tokens\":25},"
                        + "\"server_tool_use\":{\"web_search_requests\":3,\"web_fetch_requests\":2}}");
        // Then
        var tokens = TokenUsage.builder()
                .set(Component.INPUT, 10)
                .set(Component.OUTPUT, 30)
                .set(Component.WEB_SEARCHES, 3)
                .reasoning(25)
                .build();
        assertThat(reading).isEqualTo(new Reported(tokens, Optional.empty()));
    }

    @Test
    void members_that_are_null_tell_nothing() {
        // When
        var reading = read(
                "{\"input_tokens\":10,\"cache_creation_input_tokens\":null,\"cache_read_input_tokens\":null,"
                        + "\"cache_creation\":null,\"output_tokens\":5,\"output_tokens_details\":null,\"server_tool_use\":null,"
                        + "\"service_tier\":null,\"inference_geo\":null,\"speed\":null,\"iterations\":null,\"fallback_credit\":null}");
        // Then
        assertThat(reading).isEqualTo(new Reported(TokenUsage.of(10, 5), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "standard,STANDARD",
        "priority,PRIORITY",
        "batch,BATCH",
        "whatever,STANDARD",
    })
    void tier_that_was_charged_is_read(String word, ServiceTier tier) {
        // When
        var served = served("\"service_tier\":\"" + word + "\"");
        // Then
        assertThat(served.tier()).isEqualTo(tier);
        assertThat(served.tierText()).hasValue(word);
    }

    @Test
    void speed_and_region_multiply_prices() {
        // When
        var served = served("\"speed\":\"fast\",\"inference_geo\":\"us\"");
        // Then
        assertThat(served.modifiers()).containsExactlyInAnyOrder(Modifier.FAST, Modifier.REGION_US);
    }

    @Test
    void standard_speed_anywhere_has_the_plain_prices() {
        // When
        var served = served("\"speed\":\"standard\",\"inference_geo\":\"global\"");
        // Then
        assertThat(served.modifiers()).isEmpty();
    }

    @Test
    void summary_of_the_context_is_added() {
        // When
        var reading = read(usage(100, 50, round("compaction", "", 1_000, 200), round("message", "", 100, 50)));
        // Then
        assertThat(reading).isEqualTo(new Reported(TokenUsage.of(1_100, 250), Optional.empty()));
    }

    @Test
    void advice_of_another_model_is_priced_at_that_model() {
        // When
        var reading = read(usage(
                100,
                50,
                round("message", "", 60, 20),
                round("advisor_message", "claude-fable-5-2", 60, 30),
                round("message", "", 40, 30)));
        // Then
        assertThat(reading)
                .isEqualTo(new Reported(
                        TokenUsage.of(100, 50),
                        Optional.empty(),
                        List.of(new PartUsage("claude-fable-5-2", TokenUsage.of(60, 30)))));
    }

    @Test
    void advice_of_the_same_model_is_added() {
        // When
        var reading = read(usage(100, 50, round("advisor_message", "claude-opus-5", 60, 30)));
        // Then
        assertThat(reading).isEqualTo(new Reported(TokenUsage.of(160, 80), Optional.empty()));
    }

    @Test
    void fallback_beside_the_sums_is_priced_at_its_model() {
        // When
        var reading = read(
                usage(100, 50, round("message", "", 100, 50), round("fallback_message", "claude-sonnet-5", 300, 70)));
        // Then
        assertThat(reading)
                .isEqualTo(new Reported(
                        TokenUsage.of(100, 50),
                        Optional.empty(),
                        List.of(new PartUsage("claude-sonnet-5", TokenUsage.of(300, 70)))));
    }

    @Test
    void fallback_within_the_sums_is_taken_out_of_them() {
        // When
        var reading = read(
                usage(400, 120, round("message", "", 100, 50), round("fallback_message", "claude-sonnet-5", 300, 70)));
        // Then
        assertThat(reading)
                .isEqualTo(new Reported(
                        TokenUsage.of(100, 50),
                        Optional.empty(),
                        List.of(new PartUsage("claude-sonnet-5", TokenUsage.of(300, 70)))));
    }

    @Test
    void fallback_that_the_sums_repeat_is_counted_once() {
        // When
        var reading = read(
                usage(300, 70, round("message", "", 100, 50), round("fallback_message", "claude-opus-5", 300, 70)));
        // Then
        assertThat(reading).isEqualTo(new Reported(TokenUsage.of(300, 70), Optional.empty()));
    }

    @Test
    void declined_attempt_of_another_model_is_priced_at_that_model() {
        // When
        var reading = read(usage(
                400,
                70,
                round("message", "claude-fable-5-2", 100, 0),
                round("fallback_message", "claude-opus-5", 300, 70)));
        // Then
        assertThat(reading)
                .isEqualTo(new Reported(
                        TokenUsage.of(300, 70),
                        Optional.empty(),
                        List.of(new PartUsage("claude-fable-5-2", TokenUsage.of(100, 0)))));
    }

    @Test
    void thinking_stays_within_what_is_left_of_the_output() {
        // Given
        var usage = usage(300, 70, round("fallback_message", "claude-sonnet-5", 300, 70))
                .replaceFirst("\\{", "{\"output_tokens_details\":{\"thinking_tokens\":60},");
        // When
        var reading = read(usage);
        // Then
        assertThat(reading)
                .isEqualTo(new Reported(
                        TokenUsage.NONE,
                        Optional.empty(),
                        List.of(new PartUsage("claude-sonnet-5", TokenUsage.of(300, 70)))));
    }

    @Test
    void rounds_of_a_kind_that_is_not_known_change_nothing() {
        // When
        var reading = read(usage(100, 50, round("something_new", "claude-x", 9, 9)));
        // Then
        assertThat(reading).isEqualTo(new Reported(TokenUsage.of(100, 50), Optional.empty()));
    }

    @Test
    void answer_without_usage_is_missing_it() {
        // When
        var reading = read("null");
        // Then
        assertThat(reading).isEqualTo(new Missing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "[]",
                "{}",
                "{\"output_tokens\":1}",
                "{\"input_tokens\":1}",
                "{\"input_tokens\":null,\"output_tokens\":1}",
                "{\"input_tokens\":-1,\"output_tokens\":1}",
                "{\"input_tokens\":1.0,\"output_tokens\":1}",
                "{\"input_tokens\":1e3,\"output_tokens\":1}",
                "{\"input_tokens\":\"1\",\"output_tokens\":1}",
                "{\"input_tokens\":1,\"input_tokens\":1,\"output_tokens\":1}",
                "{\"input_tokens\":1000000000001,\"output_tokens\":1}",
                "{\"input_tokens\":99999999999999999999999,\"output_tokens\":1}",
                "{\"input_tokens\":1,\"output_tokens\":1,\"output_tokens_details\":{\"thinking_tokens\":2}}",
                "{\"input_tokens\":1,\"output_tokens\":1,\"output_tokens_details\":[]}",
                "{\"input_tokens\":1,\"output_tokens\":1,\"server_tool_use\":{\"web_search_requests\":true}}",
                "{\"input_tokens\":1,\"output_tokens\":1,\"cache_creation_input_tokens\":3,"
                        + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":1,\"ephemeral_1h_input_tokens\":1}}",
                "{\"input_tokens\":1,\"output_tokens\":1,\"iterations\":{}}",
                "{\"input_tokens\":1,\"output_tokens\":1,\"iterations\":[7]}",
                "{\"input_tokens\":1,\"output_tokens\":1,\"iterations\":[],\"iterations\":[]}",
                "{\"input_tokens\":1,\"output_tokens\":1,\"iterations\":[{\"type\":\"compaction\",\"input_tokens\":-2}]}",
                "{\"input_tokens\":1,\"output_tokens\":1,\"iterations\":"
                        + "[{\"type\":\"compaction\",\"input_tokens\":1000000000000,\"output_tokens\":0}]}",
            })
    void usage_that_cannot_be_is_set_aside(String usage) {
        // When
        var reading = read(usage);
        // Then
        assertThat(reading).isInstanceOf(Broken.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "7", "{", "{\"usage\":{\"input_tokens\":1,\"output_tokens\":1}", "{} {}", "<html>"})
    void what_is_no_answer_is_set_aside(String body) {
        // When
        var reading = Messages.read(Messages.bytes(body)).usage();
        // Then
        assertThat(reading).isInstanceOf(Broken.class);
    }

    @Test
    void usage_that_occurs_twice_is_set_aside() {
        // Given
        var usage = "{\"input_tokens\":1,\"output_tokens\":1}";
        // When
        var reading = read(usage + ",\"usage\":" + usage);
        // Then
        assertThat(reading).isEqualTo(new Broken("usage occurs more than once"));
    }

    @Test
    void text_of_an_answer_is_found_for_an_estimate() {
        // Given
        var answer = "{\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm\\n\",\"signature\":\"AAAA\"},"
                + "{\"type\":\"text\",\"text\":\"\\u4e2d\"},{\"type\":\"tool_use\",\"name\":\"f\",\"input\":{\"a\":1}}],\"text\":\"no\"}";
        // When
        var text = Messages.FORMAT.readText(Messages.bytes(answer));
        // Then
        assertThat(text.kept()).isEqualTo("Hm\n中f{\"a\":1}");
    }

    private static UsageReading read(String usage) {
        return Messages.read(Messages.bytes(Messages.answer(usage))).usage();
    }

    private static Served served(String members) {
        return Messages.read(
                        Messages.bytes(Messages.answer("{\"input_tokens\":1,\"output_tokens\":1," + members + "}")))
                .served();
    }

    private static String usage(long input, long output, String... rounds) {
        return "{\"input_tokens\":" + input + ",\"output_tokens\":" + output + ",\"iterations\":["
                + String.join(",", rounds) + "]}";
    }

    private static String round(String type, String model, long input, long output) {
        var named = model.isEmpty() ? "null" : "\"" + model + "\"";
        return "{\"type\":\"" + type + "\",\"model\":" + named + ",\"input_tokens\":" + input + ",\"output_tokens\":"
                + output + ",\"cache_read_input_tokens\":0,\"cache_creation_input_tokens\":0,\"cache_creation\":null}";
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
