package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.price.PartUsage;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.openai.Splits.Received;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses: what is read of requests, answers and streams, and what is left as it was. */
class ResponsesTest {
    private static final String PATH = "/v1/responses";
    private static final String STREAM = "{\"model\":\"gpt-5.5\",\"input\":\"Hi\",\"stream\":true}";

    private final WireFormat format = Formats.of(PATH);

    @Test
    void usage_of_the_sample_is_split_into_disjoint_buckets() {
        // Given
        var sample = Sample.of("09-openai-responses-tools-cachewrite");
        // When
        var facts = format.readAnswer(sample.answer());
        // Then
        assertThat(facts.usage()).isEqualTo(new Reported(sample.expectedUsage(), Optional.empty()));
        assertThat(facts.served().model()).hasValue("gpt-6.1-sol");
        assertThat(facts.served().tier()).isEqualTo(ServiceTier.STANDARD);
        assertThat(facts.finishReasons()).containsExactly("completed");
    }

    @Test
    void searches_that_only_the_output_shows_are_marked_and_opened_pages_are_free() {
        // Given
        var answer = "{\"status\":\"completed\",\"output\":["
                + "{\"type\":\"web_search_call\",\"action\":{\"type\":\"search\",\"query\":\"x\"}},"
                + "{\"action\":{\"type\":\"open_page\"},\"type\":\"web_search_call\"},"
                + "{\"type\":\"file_search_call\",\"results\":null}],"
                + "\"usage\":{\"input_tokens\":5,\"output_tokens\":7,\"total_tokens\":12}}";
        // When
        var usage = read(answer).usage();
        // Then
        var tokens = TokenUsage.of(5, 7).with(Component.WEB_SEARCHES, 1).with(Component.FILE_SEARCHES, 1);
        assertThat(usage).isEqualTo(new Partial(tokens, Optional.empty()));
    }

    @Test
    void images_made_by_the_tool_are_counted_for_their_own_model() {
        // Given
        var answer = "{\"status\":\"completed\",\"tools\":[{\"type\":\"image_generation\",\"model\":\"gpt-image-2\"}],"
                + "\"usage\":{\"input_tokens\":5,\"output_tokens\":7,\"total_tokens\":12},"
                + "\"tool_usage\":{\"image_gen\":{\"input_tokens\":100,\"input_tokens_details\":{\"image_tokens\":60,"
                + "\"text_tokens\":40},\"output_tokens\":1056,\"total_tokens\":1156},\"web_search\":{\"num_requests\":0}}}";
        // When
        var usage = read(answer).usage();
        // Then
        var drawn = TokenUsage.builder()
                .set(Component.INPUT, 40)
                .set(Component.INPUT_IMAGE, 60)
                .set(Component.OUTPUT_IMAGE, 1056)
                .build();
        assertThat(usage)
                .isEqualTo(new Reported(
                        TokenUsage.of(5, 7), Optional.empty(), List.of(new PartUsage("gpt-image-2", drawn))));
    }

    @Test
    void long_lived_cache_writes_are_told_apart() {
        // Given
        var answer = answer(
                "{\"input_tokens\":100,\"input_tokens_details\":{\"cached_tokens\":10,\"cache_write_tokens\":50,"
                        + "\"cache_write_tokens_details\":{\"ttl_30m_tokens\":20,\"ttl_12h_tokens\":30}},\"output_tokens\":9,"
                        + "\"output_tokens_details\":{\"reasoning_tokens\":4},\"total_tokens\":109,\"compute_units\":1.5}");
        // When
        var usage = read(answer).usage();
        // Then
        var tokens = TokenUsage.builder()
                .set(Component.INPUT, 40)
                .set(Component.CACHED_INPUT, 10)
                .set(Component.CACHE_WRITE_5M, 20)
                .set(Component.CACHE_WRITE_1H, 30)
                .set(Component.OUTPUT, 9)
                .reasoning(4)
                .build();
        assertThat(usage).isEqualTo(new Reported(tokens, Optional.empty()));
    }

    @Test
    void additive_reasoning_and_the_cost_that_xai_names_are_taken_as_told() {
        // Given
        var answer = answer("{\"input_tokens\":1200,\"output_tokens\":150,\"total_tokens\":2050,"
                + "\"output_tokens_details\":{\"reasoning_tokens\":700},\"cost_in_usd_ticks\":25750000}");
        // When
        var usage = Formats.of(ChatDialect.XAI, PATH).readAnswer(bytes(answer)).usage();
        // Then
        var tokens = TokenUsage.builder()
                .set(Component.INPUT, 1200)
                .set(Component.OUTPUT, 850)
                .reasoning(700)
                .build();
        assertThat(usage).isInstanceOfSatisfying(Reported.class, reported -> {
            assertThat(reported.tokens()).isEqualTo(tokens);
            assertThat(reported.costUsd())
                    .get()
                    .satisfies(cost -> assertThat(cost).isEqualByComparingTo(new BigDecimal("0.002575")));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input_tokens\":5}",
                "{\"input_tokens\":-1,\"output_tokens\":2}",
                "{\"input_tokens\":5,\"output_tokens\":2,\"total_tokens\":6}",
                "{\"input_tokens\":5.5,\"output_tokens\":2}",
                "{\"input_tokens\":\"5\",\"output_tokens\":2}",
                "{\"input_tokens\":5,\"input_tokens\":6,\"output_tokens\":2}",
                "{\"input_tokens\":99999999999999999999,\"output_tokens\":2}",
                "{\"input_tokens\":5,\"input_tokens_details\":{\"cached_tokens\":6},\"output_tokens\":2}",
                "{\"input_tokens\":5,\"output_tokens\":2,\"output_tokens_details\":{\"reasoning_tokens\":3}}",
                "[1]",
                "7"
            })
    void usage_that_contradicts_itself_is_broken_and_not_repaired(String usage) {
        assertThat(read(answer(usage)).usage()).isInstanceOf(Broken.class);
    }

    @ParameterizedTest
    @CsvSource({"flex, FLEX", "priority, PRIORITY", "ultrafast, PRIORITY", "scale, STANDARD", "odd, STANDARD"})
    void tier_that_served_decides_the_price(String tier, ServiceTier charged) {
        assertThat(read("{\"status\":\"completed\",\"service_tier\":\"" + tier + "\"}")
                        .served()
                        .tier())
                .isEqualTo(charged);
    }

    @Test
    void second_usage_is_broken() {
        var usage = "\"usage\":{\"input_tokens\":5,\"output_tokens\":2}";
        assertThat(read("{\"status\":\"completed\"," + usage + "," + usage + "}")
                        .usage())
                .isInstanceOf(Broken.class);
    }

    @Test
    void failed_response_without_usage_was_not_billed_and_others_are_to_be_estimated() {
        assertThat(read("{\"status\":\"failed\",\"usage\":null}").usage())
                .isEqualTo(new Reported(TokenUsage.NONE, Optional.empty()));
        assertThat(read("{\"status\":\"incomplete\",\"usage\":null}").usage()).isEqualTo(new Missing());
        assertThat(read("{\"status\":\"completed\"}").usage()).isEqualTo(new Missing());
    }

    @Test
    void whole_response_says_that_it_failed_and_has_its_usage_all_the_same() {
        // Given
        var usage = "\"usage\":{\"input_tokens\":5,\"output_tokens\":2,\"total_tokens\":7}";
        // When
        var failed = read("{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\"}," + usage + "}");
        var unnamed = read("{\"status\":\"failed\",\"error\":null," + usage + "}");
        var cancelled = read("{\"status\":\"cancelled\",\"usage\":null}");
        var cancelledWithUsage = read("{\"status\":\"cancelled\"," + usage + "}");
        var incomplete = read(
                "{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}," + usage + "}");
        // Then
        var reported = new Reported(TokenUsage.of(5, 2), Optional.empty());
        assertThat(failed.usage()).isEqualTo(reported);
        assertThat(failed.error())
                .hasValue(new ProviderError(Optional.of("rate_limit_exceeded"), Optional.of("rate_limit_exceeded")));
        assertThat(unnamed.error()).hasValue(new ProviderError(Optional.of("server_error"), Optional.empty()));
        assertThat(cancelled.usage()).isEqualTo(new Missing());
        assertThat(cancelled.error()).hasValue(ProviderError.CANCELLED);
        assertThat(cancelledWithUsage.usage()).isEqualTo(reported);
        assertThat(incomplete.usage()).isEqualTo(reported);
        assertThat(incomplete.error()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10-openai-responses-stream, completed", "12-openai-responses-stream-failed, failed"})
    void stream_of_the_sample_passes_unchanged_at_every_split_and_keeps_its_last_event_apart(String name, String last) {
        // Given
        var sample = Sample.of(name);
        byte[] stream = sample.stream();
        var text = new String(stream, StandardCharsets.UTF_8);
        for (int cut = 0; cut <= stream.length; cut++) {
            var relay = Formats.relay(format, STREAM);
            // When
            Received received = Splits.feed(relay, stream, List.of(cut));
            // Then
            assertThat(received.all()).isEqualTo(text);
            assertThat(received.tail()).startsWith("event: response." + last);
            assertThat(relay.facts().done()).isTrue();
            assertThat(relay.facts().answer().usage())
                    .isEqualTo(new Reported(sample.expectedUsage(), Optional.empty()));
            assertThat(relay.facts().answer().served().model()).hasValue("gpt-5.5-2026-04-23");
        }
    }

    @Test
    void failed_stream_names_its_error_and_what_was_written() {
        // Given
        var relay = Formats.relay(format, STREAM);
        // When
        Splits.feed(relay, Sample.of("12-openai-responses-stream-failed").stream(), List.of());
        // Then
        assertThat(relay.facts().error())
                .contains(new ProviderError(Optional.of("server_error"), Optional.of("server_error")));
        assertThat(relay.text().kept()).isEqualTo("Once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"response.incomplete", "response.failed"})
    void usage_is_read_however_the_response_ended(String type) {
        // Given
        var relay = Formats.relay(format, STREAM);
        var status = type.substring("response.".length());
        // When
        Splits.feed(
                relay,
                "data: {\"response\":{\"status\":\"" + status
                        + "\",\"usage\":{\"input_tokens\":3,\"output_tokens\":4}},\"type\":\"" + type + "\"}\n\n");
        // Then
        assertThat(relay.facts().answer().usage()).isEqualTo(new Reported(TokenUsage.of(3, 4), Optional.empty()));
    }

    @Test
    void stream_that_was_cut_knows_its_model_and_its_text_for_an_estimate() {
        // Given
        var stream = new String(Sample.of("10-openai-responses-stream").stream(), StandardCharsets.UTF_8);
        var cut = stream.substring(0, stream.indexOf("event: response.completed"));
        var relay = Formats.relay(format, STREAM);
        // When
        Splits.feed(relay, cut);
        // Then
        assertThat(relay.facts().done()).isFalse();
        assertThat(relay.facts().answer().usage()).isEqualTo(new Missing());
        assertThat(relay.facts().answer().served().model()).hasValue("gpt-5.5-2026-04-23");
        assertThat(relay.text().kept()).isEqualTo("Hello world");
    }

    @Test
    void stream_that_must_end_gets_an_error_event_with_the_next_number() {
        // Given
        var relay = Formats.relay(format, STREAM);
        Splits.feed(
                relay, "data: {\"type\":\"response.output_text.delta\",\"sequence_number\":41,\"delta\":\"a\"}\n\n");
        // When
        var ending = new String(
                relay.ending(RefusalMessage.of(Refusal.QUOTA_EXHAUSTED, "No more.")), StandardCharsets.UTF_8);
        // Then
        assertThat(ending)
                .isEqualTo("event: error\ndata: {\"type\":\"error\",\"code\":\"insufficient_quota\","
                        + "\"message\":\"No more.\",\"param\":null,\"sequence_number\":42}\n\n");
    }

    @Test
    void error_event_of_the_provider_is_classified() {
        // Given
        var relay = Formats.relay(format, STREAM);
        // When
        Splits.feed(
                relay,
                "event: error\ndata: {\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"no\","
                        + "\"param\":null,\"sequence_number\":3}\n\n");
        // Then
        assertThat(relay.facts().error().orElseThrow().code()).hasValue("rate_limit_exceeded");
        assertThat(relay.facts().answer().usage()).isEqualTo(new Missing());
    }

    @Test
    void request_tells_what_it_may_use() {
        // When
        var facts = Formats.parsed(
                        format,
                        "{\"model\":\"gpt-6\",\"input\":\"äbc\",\"instructions\":\"be nice\",\"max_output_tokens\":70,"
                                + "\"service_tier\":\"flex\",\"user\":\"ada\",\"temperature\":0.5}")
                .facts();
        // Then
        assertThat(facts.model()).isEqualTo("gpt-6");
        assertThat(facts.streaming()).isEqualTo(Streaming.OFF);
        assertThat(facts.input().textBytes()).isEqualTo(4 + "instructions".length() + "be nice".length() + 2);
        assertThat(facts.output()).isEqualTo(new OutputBound(OptionalLong.of(70), 1));
        assertThat(facts.tiers()).containsExactlyInAnyOrder(ServiceTier.FLEX, ServiceTier.STANDARD);
        assertThat(facts.user()).hasValue("ada");
        assertThat(facts.toolFees()).isFalse();
    }

    @Test
    void tools_at_the_provider_are_held_for_as_often_as_they_may_be_called() {
        // When
        var facts = Formats.parsed(
                        format,
                        "{\"model\":\"gpt-6\",\"input\":\"abc\",\"max_tool_calls\":3,"
                                + "\"tools\":[{\"type\":\"web_search\"},{\"type\":\"function\",\"name\":\"f\"}]}")
                .facts();
        // Then
        assertThat(facts.feesMax().webSearches()).isEqualTo(3);
        assertThat(facts.feesMax().fileSearches()).isZero();
        assertThat(facts.input().tokensMax()).isGreaterThan(3 * 30_000);
        assertThat(facts.toolFees()).isFalse();
    }

    @Test
    void cap_is_put_in_by_bytes_alone_and_tool_calls_are_capped_with_it() {
        // Given
        var plain = "{ \"model\":\"gpt-6\", \"input\":\"a\" }";
        var searching = "{\"model\":\"gpt-6\",\"max_output_tokens\":null,\"tools\":[{\"type\":\"web_search\"}]}";
        // When
        var capped = Formats.upstream(Formats.parsed(format, plain), OptionalLong.of(77));
        var both = Formats.upstream(Formats.parsed(format, searching), OptionalLong.of(77));
        var untouched = Formats.upstream(Formats.parsed(format, searching), OptionalLong.empty());
        // Then
        assertThat(capped).isEqualTo("{ \"model\":\"gpt-6\", \"input\":\"a\",\"max_output_tokens\":77 }");
        assertThat(both)
                .isEqualTo("{\"model\":\"gpt-6\",\"max_output_tokens\":77,\"tools\":[{\"type\":\"web_search\"}],"
                        + "\"max_tool_calls\":10}");
        assertThat(untouched).isEqualTo(searching);
    }

    @Test
    void continued_response_is_held_for_what_is_known_of_it() {
        // Given
        format.readAnswer(bytes("{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[],"
                + "\"usage\":{\"input_tokens\":900,\"output_tokens\":100}}"));
        var bare = "{\"model\":\"gpt-6\",\"input\":\"a\"";
        long alone = tokensMax(bare + "}");
        // When
        long known = tokensMax(bare + ",\"previous_response_id\":\"resp_1\"}");
        long unknown = tokensMax(bare + ",\"previous_response_id\":\"resp_2\"}");
        long conversation = tokensMax(bare + ",\"conversation\":\"conv_1\"}");
        long template = tokensMax(bare + ",\"prompt\":{\"id\":\"pmpt_1\"}}");
        long reference = tokensMax("{\"model\":\"gpt-6\",\"input\":[{\"id\":\"msg_1\"}]}");
        // Then
        assertThat(known).isEqualTo(alone + 1000);
        assertThat(unknown).isEqualTo(alone + 1_050_000);
        assertThat(List.of(conversation, template, reference)).allMatch(tokens -> tokens > 1_050_000);
    }

    @Test
    void images_and_files_are_held_by_bounds_and_not_by_their_bytes() {
        // Given
        var photo = "data:image/png;base64," + "A".repeat(100_000);
        var item = "{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"" + photo + "\"}]}";
        var made = "{\"type\":\"image_generation_call\",\"id\":\"ig_1\",\"result\":\"" + "A".repeat(100_000) + "\"}";
        var file = "{\"content\":[{\"file_id\":\"file-1\",\"type\":\"input_file\"}]}";
        // When
        long tokens = tokensMax("{\"model\":\"gpt-6\",\"input\":[" + item + "," + made + "]}");
        long withFile = tokensMax("{\"model\":\"gpt-6\",\"input\":[" + item + "," + made + "," + file + "]}");
        // Then
        assertThat(tokens).isBetween(30_000L, 31_000L);
        assertThat(withFile).isBetween(330_000L, 331_000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\",\"input\":\"a\",\"background\":true} | background",
                "{\"model\":\"m\",\"input\":\"a\",\"Model\":\"n\"} | Model",
                "{\"model\":\"m\",\"model\":\"n\"} | model",
                "{\"input\":\"a\",\"prompt\":{\"id\":\"p\"}} | model",
                "{\"model\":\"m\",\"models\":[\"n\"]} | models",
                "{\"model\":\"m\",\"max_output_tokens\":0} | max_output_tokens",
                "{\"model\":\"m\",\"stream\":\"yes\"} | stream",
                "{\"model\":\"m\",\"input\":7} | input",
                "{\"model\":\"m\",\"tools\":[{\"type\":\"code_interpreter\"}]} | tools",
                "{\"model\":\"m\",\"tools\":[{\"type\":\"shell\"}]} | tools",
                "{\"model\":\"m\",\"tools\":[{\"type\":\"function\",\"type\":\"web_search\"}]} | tools",
                "{\"model\":\"m\",\"tools\":[7]} | tools"
            })
    void request_that_could_cost_unseen_is_refused(String body, String param) {
        assertThat(Formats.rejected(format, body).param()).hasValue(param);
    }

    @Test
    void tools_of_xai_pass_as_it_names_the_whole_cost() {
        // Given
        var body =
                "{\"model\":\"grok-4.3\",\"input\":\"a\",\"tools\":[{\"type\":\"x_search\"},{\"type\":\"code_execution\"}]}";
        // When
        var facts = Formats.parsed(Formats.of(ChatDialect.XAI, PATH), body).facts();
        // Then
        assertThat(facts.toolFees()).isTrue();
    }

    @Test
    void other_model_takes_the_place_of_the_first_and_nothing_else_changes() {
        // Given
        var request = Formats.parsed(format, "{\"input\":\"a\", \"model\" : \"gpt-6\" ,\"store\":false}");
        // When
        var renamed = Formats.parsed(request.forModel("gpt-5.5"));
        // Then
        assertThat(renamed.facts().model()).isEqualTo("gpt-5.5");
        assertThat(Formats.upstream(renamed, OptionalLong.empty()))
                .isEqualTo("{\"input\":\"a\", \"model\" : \"gpt-5.5\" ,\"store\":false}");
    }

    @Test
    void estimate_counts_the_text_of_the_input_and_what_was_written() {
        // Given
        var request = Formats.parsed(
                format,
                "{\"model\":\"gpt-4o\",\"instructions\":\"Hello world\",\"input\":[{\"role\":\"user\","
                        + "\"content\":[{\"type\":\"input_text\",\"text\":\"Hello world\"}]}]}");
        var written = format.readText(bytes("{\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\","
                + "\"text\":\"Hello world\"}]}]}"));
        // When
        var estimate = request.estimator().estimate(written);
        // Then: two texts of two tokens, and the role.
        assertThat(estimate.tokens()).isEqualTo(TokenUsage.of(5, 2));
    }

    private long tokensMax(String body) {
        return Formats.parsed(format, body).facts().input().tokensMax();
    }

    private AnswerFacts read(String answer) {
        return format.readAnswer(bytes(answer));
    }

    private static String answer(String usage) {
        return "{\"id\":\"resp_1\",\"status\":\"completed\",\"usage\":" + usage + "}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
