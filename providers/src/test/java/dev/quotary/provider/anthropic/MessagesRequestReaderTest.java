package dev.quotary.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.price.Modifier;
import dev.quotary.price.ServiceTier;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesRequestReaderTest {
    /** What is held for every call with one message beyond what stands in it. */
    private static final long FRAMING = 1_010;

    @Test
    void recorded_request_is_read_and_forwarded_as_it_is() {
        // Given
        var body = Messages.request(Messages.sample("19-anthropic-cache-write-read"));
        // When
        var request = Messages.parsed(body);
        // Then
        var facts = request.facts();
        assertThat(facts.model()).isEqualTo("claude-sonnet-4-5");
        assertThat(facts.streaming()).isEqualTo(Streaming.OFF);
        assertThat(facts.output().tokensMax()).hasValue(1024);
        assertThat(facts.components())
                .containsExactlyInAnyOrder(
                        Component.INPUT,
                        Component.CACHED_INPUT,
                        Component.CACHE_WRITE_5M,
                        Component.CACHE_WRITE_1H,
                        Component.OUTPUT);
        assertThat(request.upstreamBody(OptionalLong.of(7))).isSameAs(body);
        assertThat(request.target()).isEqualTo("/v1/messages");
    }

    @Test
    void text_counts_by_its_bytes_and_its_framing() {
        // When
        var facts = Messages.facts(Messages.request(
                "claude-opus-5",
                "[{\"role\":\"user\",\"content\":\"h\\u00e9\\n中\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"ab\"}]}]",
                ",\"system\":[{\"type\":\"text\",\"text\":\"12345\"}]"));
        // Then
        assertThat(facts.input().textBytes())
                .isEqualTo("userhé\n中assistanttextabtext12345".getBytes(StandardCharsets.UTF_8).length);
        assertThat(facts.input().framingTokens()).isEqualTo(1_020);
        assertThat(facts.input().messages()).isEqualTo(2);
    }

    @Test
    void stream_always_tells_its_usage() {
        // When
        var facts = Messages.facts(Messages.with(",\"stream\":true"));
        // Then
        assertThat(facts.streaming()).isEqualTo(Streaming.ON_WITH_USAGE);
    }

    @Test
    void no_output_is_a_call_that_fills_the_cache() {
        // When
        var facts = Messages.facts(
                "{\"model\":\"m\",\"max_tokens\":0,\"messages\":[{\"role\":\"user\",\"content\":\"\"}]}");
        // Then
        assertThat(facts.output().tokensMax()).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"claude-opus-4-6,1700", "claude-opus-4-7,5000", "claude-3-5-sonnet-20241022,1700", "other,5000"})
    void image_counts_its_bound_and_not_its_bytes(String model, long tokens) {
        // Given
        var image = "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\""
                + "A".repeat(50_000) + "\"}}";
        var late = "{\"source\":{\"url\":\"https://example.com/a.png\",\"type\":\"url\"},\"type\":\"image\"}";
        // When
        var facts = Messages.facts(Messages.request(model, messages(image + "," + late), ""));
        // Then
        assertThat(facts.input().mediaTokens()).isEqualTo(2 * tokens);
        assertThat(facts.input().textBytes()).isLessThan(100);
    }

    @ParameterizedTest
    @CsvSource({"claude-opus-4-6,300000", "claude-opus-5,1000000"})
    void document_counts_its_bound(String model, long tokens) {
        // Given
        var document =
                "{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"AAAA\"}}";
        // When
        var facts = Messages.facts(Messages.request(model, messages(document), ""));
        // Then
        assertThat(facts.input().mediaTokens()).isEqualTo(tokens);
    }

    @Test
    void document_of_text_counts_its_text() {
        // Given
        var document =
                "{\"type\":\"document\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"12345\"}}";
        // When
        var facts = Messages.facts(Messages.request("claude-opus-5", messages(document), ""));
        // Then
        assertThat(facts.input().mediaTokens()).isZero();
        assertThat(facts.input().textBytes()).isEqualTo("userdocument12345".length());
    }

    @Test
    void image_in_the_result_of_a_tool_is_an_image() {
        // Given
        var result = "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":[{\"type\":\"image\",\"source\":"
                + "{\"type\":\"base64\",\"data\":\"" + "A".repeat(9_000) + "\"}}]}";
        // When
        var facts = Messages.facts(Messages.request("claude-opus-5", messages(result), ""));
        // Then
        assertThat(facts.input().mediaTokens()).isEqualTo(5_000);
    }

    @Test
    void block_that_says_two_things_of_itself_counts_as_the_larger() {
        // Given
        var block = "{\"type\":\"image\",\"type\":\"document\",\"source\":{\"type\":\"base64\",\"data\":\""
                + "A".repeat(9_000) + "\"}}";
        // When
        var facts = Messages.facts(Messages.request("claude-opus-5", messages(block), ""));
        // Then
        assertThat(facts.input().mediaTokens()).isEqualTo(1_009_000);
    }

    @Test
    void tools_count_by_the_bytes_of_their_json() {
        // Given
        var tools =
                "[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}]";
        // When
        var facts = Messages.facts(Messages.with(",\"tools\":" + tools));
        // Then
        assertThat(facts.input().textBytes()).isEqualTo(tools.length() + "userHi".length());
        assertThat(facts.input().framingTokens()).isEqualTo(FRAMING);
        assertThat(facts.toolFees()).isFalse();
    }

    @Test
    void members_that_are_not_known_count_as_text() {
        // When
        var facts = Messages.facts(
                Messages.with(",\"output_config\":{\"a\":1},\"temperature\":1,\"stop_sequences\":[\"x\"]"));
        // Then
        assertThat(facts.input().textBytes()).isEqualTo("userHi".length() + "output_config{'a':1}".length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"cache_control\":{\"type\":\"ephemeral\"}",
                ",\"system\":[{\"type\":\"text\",\"text\":\"\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"5m\"}}]",
                ",\"tools\":[{\"name\":\"f\",\"cache_control\":{\"type\":\"ephemeral\"}}]",
                ",\"tools\":[{\"name\":\"f\",\"input_schema\":{\"a\":[{\"cache_control\":{}}]}}]",
                ",\"something\":{\"cach\\u0065_control\":{}}"
            })
    void cache_may_be_written_where_that_is_asked_for(String member) {
        // When
        var facts = Messages.facts(Messages.with(member));
        // Then
        assertThat(facts.components()).contains(Component.CACHE_WRITE_5M).doesNotContain(Component.CACHE_WRITE_1H);
    }

    @Test
    void cache_of_an_hour_is_written_where_that_is_asked_for() {
        // When
        var facts = Messages.facts(Messages.with(",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}"));
        // Then
        assertThat(facts.components()).contains(Component.CACHE_WRITE_1H).doesNotContain(Component.CACHE_WRITE_5M);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"cache_control\":null", ",\"metadata\":{\"user_id\":null}"})
    void cache_is_not_written_where_nobody_asks(String member) {
        // When
        var facts = Messages.facts(Messages.with(member));
        // Then
        assertThat(facts.components())
                .containsExactlyInAnyOrder(Component.INPUT, Component.CACHED_INPUT, Component.OUTPUT);
    }

    @Test
    void life_that_is_not_known_may_be_any() {
        // When
        var facts = Messages.facts(Messages.with(",\"cache_control\":{\"ttl\":\"12h\"}"));
        // Then
        assertThat(facts.components()).contains(Component.CACHE_WRITE_5M, Component.CACHE_WRITE_1H);
    }

    @Test
    void each_search_may_read_the_prompt_once_more() {
        // When
        var facts = Messages.facts(Messages.with(
                ",\"tools\":[{\"type\":\"web_search_20260318\",\"name\":\"web_search\",\"max_uses\":2}]"));
        // Then
        long prompt = facts.input().textBytes() + FRAMING + 10_000;
        long rounds = (prompt + 100 + 30_000) + (prompt + 100 + 60_000);
        assertThat(facts.input().tokensMax()).isEqualTo(prompt + rounds);
        assertThat(facts.feesMax().webSearches()).isEqualTo(2);
        assertThat(facts.toolFees()).isFalse();
    }

    @Test
    void searches_without_a_maximum_are_bounded_all_the_same() {
        // When
        var facts = Messages.facts(
                Messages.with(",\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]"));
        // Then
        assertThat(facts.feesMax().webSearches()).isEqualTo(100);
        assertThat(facts.input().tokensMax()).isGreaterThan(10 * 30_000);
    }

    @Test
    void tool_that_is_not_known_may_read_the_longest_context_each_time_and_cost_something() {
        // When
        var facts = Messages.facts(Messages.with(",\"tools\":[{\"type\":\"dream_20270101\",\"max_uses\":3}]"));
        // Then
        assertThat(facts.input().tokensMax()).isBetween(3_000_000L, 3_020_000L);
        assertThat(facts.toolFees()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash_20250124", "text_editor_20250728", "computer_20251124", "memory_20250818", "custom"})
    void tool_that_the_caller_runs_adds_its_definition_at_most(String type) {
        // When
        var facts = Messages.facts(Messages.with(",\"tools\":[{\"type\":\"" + type + "\",\"name\":\"x\"}]"));
        // Then
        assertThat(facts.input().framingTokens()).isLessThanOrEqualTo(FRAMING + 10_000);
        assertThat(facts.toolFees()).isFalse();
    }

    @Test
    void adviser_writes_and_is_paid_as_another_model() {
        // When
        var facts = Messages.facts(
                Messages.with(
                        ",\"tools\":[{\"type\":\"advisor_20260301\",\"name\":\"advisor\",\"model\":\"claude-fable-5-2\",\"max_uses\":2,\"max_tokens\":500}]"));
        // Then
        assertThat(facts.otherModels()).containsExactly("claude-fable-5-2");
        assertThat(facts.output().tokensMax()).hasValue(100 + 2 * 500);
        long prompt = facts.input().textBytes() + FRAMING + 10_000;
        assertThat(facts.input().tokensMax()).isEqualTo(5 * (prompt + 100) - 100 + 500 * (1 + 2 + 3 + 4));
    }

    @Test
    void fallback_tries_everything_once_more() {
        // Given
        var plain = Messages.facts(Messages.with(""));
        // When
        var facts = Messages.facts(Messages.with(
                ",\"fallbacks\":[{\"model\":\"claude-sonnet-5\"},{\"model\":\"claude-haiku-4-5\",\"max_tokens\":7}]"));
        // Then
        assertThat(facts.otherModels()).containsExactlyInAnyOrder("claude-sonnet-5", "claude-haiku-4-5");
        assertThat(facts.output().tokensMax()).hasValue(100 + 100 + 7);
        assertThat(facts.input().tokensMax()).isEqualTo(3 * plain.input().tokensMax());
    }

    @Test
    void summary_of_the_context_reads_it_once_more() {
        // Given
        var plain = Messages.facts(Messages.with(""));
        // When
        var facts =
                Messages.facts(Messages.with(",\"context_management\":{\"edits\":[{\"type\":\"compact_20260112\"}]}"));
        // Then
        assertThat(facts.output().tokensMax()).hasValue(100 + 128_000);
        assertThat(facts.input().tokensMax()).isGreaterThan(2 * plain.input().tokensMax());
    }

    @Test
    void clearing_the_context_adds_nothing() {
        // When
        var facts = Messages.facts(
                Messages.with(",\"context_management\":{\"edits\":[{\"type\":\"clear_tool_uses_20250919\"}]}"));
        // Then
        assertThat(facts.output().tokensMax()).hasValue(100);
        assertThat(facts.input().framingTokens()).isEqualTo(FRAMING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"mcp_servers\":[{\"type\":\"url\",\"name\":\"a\",\"url\":\"https://example.com\"}]",
                ",\"container\":\"container_1\"",
                ",\"container\":{\"skills\":[]}",
                ",\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"msg_1\"}"
            })
    void what_the_provider_puts_before_the_prompt_may_fill_the_context(String member) {
        // When
        var facts = Messages.facts(Messages.with(member));
        // Then
        assertThat(facts.input().tokensMax()).isGreaterThanOrEqualTo(1_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {",\"mcp_servers\":[]", ",\"container\":null", ",\"thread\":null", ",\"fallbacks\":null"})
    void what_is_named_but_not_used_adds_nothing(String member) {
        // When
        var facts = Messages.facts(Messages.with(member));
        // Then
        assertThat(facts.input().framingTokens()).isEqualTo(FRAMING);
        assertThat(facts.otherModels()).isEmpty();
    }

    @Test
    void wishes_decide_which_prices_may_apply() {
        // When
        var facts = Messages.facts(
                Messages.with(",\"service_tier\":\"standard_only\",\"speed\":\"fast\",\"inference_geo\":\"global\""));
        // Then
        assertThat(facts.tiers()).containsExactly(ServiceTier.STANDARD);
        assertThat(facts.modifiers()).containsExactly(Modifier.FAST);
    }

    @Test
    void without_wishes_the_accounts_settings_may_apply() {
        // When
        var facts = Messages.facts(Messages.with(",\"service_tier\":null"));
        // Then
        assertThat(facts.tiers()).containsExactlyInAnyOrder(ServiceTier.STANDARD, ServiceTier.PRIORITY);
        assertThat(facts.modifiers()).containsExactly(Modifier.REGION_US);
    }

    @Test
    void end_user_is_read() {
        // When
        RequestFacts facts =
                Messages.facts(Messages.with(",\"metadata\":{\"other\":{\"user_id\":\"no\"},\"user_id\":\"u-1\"}"));
        // Then
        assertThat(facts.user()).hasValue("u-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"max_tokens\":1,\"messages\":[{}]} | model",
                "{\"model\":\"m\",\"messages\":[{}]} | max_tokens",
                "{\"model\":\"m\",\"max_tokens\":1} | messages",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]} | messages",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":{}} | messages",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[7]} | messages",
                "{\"model\":\" \",\"max_tokens\":1,\"messages\":[{}]} | model",
                "{\"model\":7,\"max_tokens\":1,\"messages\":[{}]} | model",
                "{\"model\":\"m\",\"max_tokens\":-1,\"messages\":[{}]} | max_tokens",
                "{\"model\":\"m\",\"max_tokens\":1.5,\"messages\":[{}]} | max_tokens",
                "{\"model\":\"m\",\"max_tokens\":null,\"messages\":[{}]} | max_tokens",
                "{\"model\":\"m\",\"max_tokens\":1000000001,\"messages\":[{}]} | max_tokens"
            })
    void what_cannot_be_bounded_is_refused(String body, String param) {
        // When
        var reading = Messages.read(body);
        // Then
        assertThat(reading)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.param()).hasValue(param));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"model\":\"n\"",
                ",\"Max_Tokens\":5",
                ",\"max_tokens\":5",
                ",\"mod\\u0065l\":\"n\"",
                ",\"stream\":true,\"stream\":false",
                ",\"Stream\":true",
                ",\"stream\":\"true\"",
                ",\"service_tier\":7",
                ",\"fallbacks\":\"default\"",
                ",\"fallbacks\":[7]",
                ",\"fallbacks\":[{}]",
                ",\"fallbacks\":[{\"model\":\"a\",\"model\":\"b\"}]",
                ",\"tools\":[{\"type\":\"web_search_20250305\",\"max_uses\":-1}]",
                ",\"tools\":[{\"type\":\"web_search_20250305\",\"max_uses\":1001}]",
                ",\"tools\":[{\"type\":\"web_search_20250305\",\"max_uses\":\"2\"}]"
            })
    void member_that_might_be_read_in_two_ways_is_refused(String members) {
        // When
        var reading = Messages.read(Messages.with(members));
        // Then
        assertThat(reading).isInstanceOf(Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "{}{}", "{\"model\":\"m\",}", "\ufeff{}"})
    void what_is_no_request_is_refused(String body) {
        // When
        var reading = Messages.read(body);
        // Then
        assertThat(reading).isInstanceOf(Rejected.class);
    }

    @Test
    void depth_is_bounded() {
        // Given
        var deep = "[".repeat(100_000);
        // When
        var reading = Messages.read(Messages.with(",\"tools\":" + deep));
        // Then
        assertThat(reading).isInstanceOf(Rejected.class);
    }

    @Test
    void invalid_utf8_is_refused() {
        // Given
        var body = Messages.bytes(Messages.with(""));
        body[body.length - 5] = (byte) 0xC0;
        // When
        var reading = Messages.FORMAT.readRequest(Messages.HEAD, body);
        // Then
        assertThat(reading).isInstanceOf(Rejected.class);
    }

    @Test
    void other_model_is_put_in_place_of_the_first_and_nothing_else_changes() {
        // Given
        var request = Messages.parsed(Messages.bytes(Messages.with(", \"x\" : [1.0]")));
        // When
        var reading = request.forModel("claude-haiku-4-5");
        // Then
        assertThat(reading).isInstanceOfSatisfying(Parsed.class, parsed -> {
            assertThat(new String(parsed.request().upstreamBody(OptionalLong.empty()), StandardCharsets.UTF_8))
                    .isEqualTo(Messages.with(", \"x\" : [1.0]").replace("claude-opus-5", "claude-haiku-4-5"));
            assertThat(parsed.request().facts().model()).isEqualTo("claude-haiku-4-5");
        });
    }

    private static String messages(String blocks) {
        return "[{\"role\":\"user\",\"content\":[" + blocks + "]}]";
    }
}
