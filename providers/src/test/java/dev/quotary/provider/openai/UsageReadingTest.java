package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageReadingTest {
    private static final String COUNTS = "\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // columns: usage | input, cached, written, audio in, output, audio out, reasoning
                "{'prompt_tokens':10,'completion_tokens':5}|10 0 0 0 5 0 0",
                "{'prompt_tokens':10,'completion_tokens':5,'total_tokens':15}|10 0 0 0 5 0 0",
                "{'total_tokens':15,'prompt_tokens':10}|10 0 0 0 5 0 0",
                "{'prompt_tokens':10,'completion_tokens':5,'total_tokens':null,'prompt_tokens_details':null}|10 0 0 0 5 0 0",
                "{'prompt_tokens':10,'completion_tokens':5,'total_tokens':22,'completion_tokens_details':{'reasoning_tokens':7}}|10 0 0 0 12 0 7",
                "{'prompt_tokens':10,'completion_tokens':5,'total_tokens':22}|10 0 0 0 12 0 0",
                "{'prompt_tokens':10,'completion_tokens':5,'total_tokens':15,'completion_tokens_details':{'reasoning_tokens':5}}|10 0 0 0 5 0 5",
                "{'prompt_tokens':10,'completion_tokens':5,'prompt_tokens_details':{'audio_tokens':4,'cached_tokens':3,'cache_write_tokens':2}}|1 3 2 4 5 0 0",
                "{'prompt_tokens':10,'completion_tokens':9,'completion_tokens_details':{'audio_tokens':6,'reasoning_tokens':1}}|10 0 0 0 3 6 1",
                "{'prompt_tokens':10,'completion_tokens':5,'prompt_tokens_details':{'cached_tokens':10,'text_tokens':{'a':[1]}}}|0 10 0 0 5 0 0",
                "{'compute_units':{'deep':[[1.5]]},'prompt_tokens':0,'completion_tokens':0,'total_tokens':0}|0 0 0 0 0 0 0",
                "{'prompt_tokens':1000000000000,'completion_tokens':0}|1000000000000 0 0 0 0 0 0"
            })
    void counts_become_disjoint(String usage, String expected) {
        // When
        UsageReading reading = read(usage);

        // Then
        assertThat(reading).isEqualTo(new Reported(tokens(expected), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'total_tokens':5}",
                "{'prompt_tokens':5}",
                "{'prompt_tokens':-1,'completion_tokens':5}",
                "{'prompt_tokens':10,'completion_tokens':-5,'total_tokens':5}",
                "{'prompt_tokens':10.0,'completion_tokens':5}",
                "{'prompt_tokens':1e1,'completion_tokens':5}",
                "{'prompt_tokens':'10','completion_tokens':5}",
                "{'prompt_tokens':[10],'completion_tokens':5}",
                "{'prompt_tokens':true,'completion_tokens':5}",
                "{'prompt_tokens':1000000000001,'completion_tokens':5}",
                "{'prompt_tokens':9223372036854775808,'completion_tokens':5}",
                "{'prompt_tokens':10,'completion_tokens':5,'total_tokens':14}",
                "{'prompt_tokens':10,'prompt_tokens':11,'completion_tokens':5}",
                "{'prompt_tokens':10,'completion_tokens':5,'prompt_tokens_details':{'cached_tokens':11}}",
                "{'prompt_tokens':10,'completion_tokens':5,'prompt_tokens_details':{'cached_tokens':6,'cache_write_tokens':5}}",
                "{'prompt_tokens':10,'completion_tokens':5,'prompt_tokens_details':{'cached_tokens':-1}}",
                "{'prompt_tokens':10,'completion_tokens':5,'prompt_tokens_details':{'cached_tokens':1,'cached_tokens':2}}",
                "{'prompt_tokens':10,'completion_tokens':5,'prompt_tokens_details':[1]}",
                "{'prompt_tokens':10,'completion_tokens':5,'completion_tokens_details':{'reasoning_tokens':6}}",
                "{'prompt_tokens':10,'completion_tokens':5,'completion_tokens_details':{'audio_tokens':6}}",
                "{'prompt_tokens':10,'completion_tokens':5,'cost':-0.1}",
                "{'prompt_tokens':10,'completion_tokens':5,'cost':1e999999999}",
                "{'prompt_tokens':10,'completion_tokens':5,'cost':1e-999999999}",
                "{'prompt_tokens':10,'completion_tokens':5,'cost':12345678901}",
                "{'prompt_tokens':10,'completion_tokens':5,'cost_in_usd_ticks':-1}",
                "{'prompt_tokens':10,'completion_tokens':5,'cost_in_usd_ticks':1.5}",
                "5",
                "'5'",
                "[]",
                "true"
            })
    void contradictions_are_broken_and_not_repaired(String usage) {
        assertThat(read(usage)).isInstanceOf(Broken.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"cost_in_usd_ticks\":25750000', 0.0025750000",
        "'\"cost_in_usd_ticks\":0', 0",
        "'\"cost\":0.00014', 0.00014",
        "'\"cost\":1.4e-4', 0.00014",
        "'\"cost\":1e2', 100",
        "'\"cost\":3', 3",
        "'\"cost\":9,\"cost_in_usd_ticks\":10000000000', 1"
    })
    void cost_that_the_provider_names_is_read(String member, String dollars) {
        // When
        AnswerFacts facts = answer("{\"usage\":{" + COUNTS + "," + member + "}}");

        // Then
        assertThat(facts.usage())
                .isInstanceOfSatisfying(
                        Reported.class,
                        reported -> assertThat(reported.costUsd().orElseThrow())
                                .isEqualByComparingTo(new BigDecimal(dollars)));
    }

    @Test
    void cost_that_is_no_number_is_not_read() {
        // When
        AnswerFacts facts = answer("{\"usage\":{" + COUNTS + ",\"cost\":{\"total_cost\":1.5}}}");

        // Then
        assertThat(facts.usage()).isEqualTo(new Reported(TokenUsage.of(10, 5), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'x'}",
                "{'usage':null}",
                "{'choices':[{'usage':{'prompt_tokens':1,'completion_tokens':1}}]}",
                "{'x':{'usage':{'prompt_tokens':1,'completion_tokens':1}}}",
                "{'choices':[{'message':{'content':'\\\"usage\\\":{\\\"prompt_tokens\\\":1}'}}]}"
            })
    void usage_counts_at_the_top_level_only(String answer) {
        assertThat(answer(quoted(answer)).usage()).isEqualTo(new Missing());
    }

    @Test
    void usage_is_read_wherever_it_stands_and_however_it_is_spaced() {
        // Given
        String first = "{\"usage\":{" + COUNTS + "},\"model\":\"m\"}";
        String spaced = " \n{ \"model\" : \"m\" ,\t\"usage\" : {\r\n" + COUNTS.replace(",", " ,\n ") + " } } \n";

        // When
        AnswerFacts fromFirst = answer(first);
        AnswerFacts fromSpaced = answer(spaced);

        // Then
        assertThat(fromFirst.usage()).isEqualTo(new Reported(TokenUsage.of(10, 5), Optional.empty()));
        assertThat(fromSpaced).isEqualTo(fromFirst);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "<html>",
                "{'usage':{'prompt_tokens':10,'completion_tokens':5}",
                "{'usage':{'prompt_tokens':10,'completion_tokens':5}}}",
                "{'usage':{'prompt_tokens':10,'completion_tokens':5}} {}",
                "{'usage':{'prompt_tokens':10,'completion_tokens':5},'usage':{'prompt_tokens':1,'completion_tokens':1}}",
                "{'usage':{'prompt_tokens':NaN,'completion_tokens':5}}",
                "{'usage':{'prompt_tokens':010,'completion_tokens':5}}"
            })
    void answers_that_are_not_one_complete_object_are_broken(String answer) {
        assertThat(answer(quoted(answer)).usage()).isInstanceOf(Broken.class);
    }

    @Test
    void every_truncation_of_an_answer_is_broken() {
        // Given
        byte[] answer = Sample.of("02-openai-chat-cached-reasoning").answer();
        for (int length = 0; length < answer.length; length++) {
            // When
            AnswerFacts facts = answer(new String(answer, 0, length, StandardCharsets.UTF_8));

            // Then
            assertThat(facts.usage()).as("length %s", length).isInstanceOf(Broken.class);
        }
    }

    @Test
    void depth_bombs_and_bad_utf8_are_broken() {
        // Given
        String bomb = "{\"usage\":{" + COUNTS + "},\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        byte[] bad = ("{\"usage\":{" + COUNTS + "},\"x\":\"?\"}").getBytes(StandardCharsets.UTF_8);
        bad[bad.length - 3] = (byte) 0xFF;
        byte[] wide = ("{\"usage\":{" + COUNTS + "}}").getBytes(StandardCharsets.UTF_16LE);

        // When
        AnswerFacts ofBomb = answer(bomb);
        AnswerFacts ofBad = Requests.format(ChatDialect.OPENAI).readAnswer(bad);
        AnswerFacts ofWide = Requests.format(ChatDialect.OPENAI).readAnswer(wide);

        // Then
        assertThat(ofBomb.usage()).isInstanceOf(Broken.class);
        assertThat(ofBad.usage()).isInstanceOf(Broken.class);
        assertThat(ofWide.usage()).isInstanceOf(Broken.class);
    }

    @ParameterizedTest
    @CsvSource({
        "default, STANDARD",
        "auto, STANDARD",
        "scale, STANDARD",
        "flex, FLEX",
        "priority, PRIORITY",
        "fast, PRIORITY",
        "batch, BATCH",
        "something-new, STANDARD"
    })
    void tier_is_the_one_charged_and_keeps_its_own_word(String word, ServiceTier tier) {
        // When
        AnswerFacts facts = answer("{\"service_tier\":\"" + word + "\"}");

        // Then
        assertThat(facts.served().tier()).isEqualTo(tier);
        assertThat(facts.served().tierText()).contains(word);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '"',
            value = {
                "'cost':0.25,'is_byok':false,'cost_details':{'upstream_inference_cost':null} | 0.25",
                "'cost':0.25,'is_byok':false,'cost_details':{'upstream_inference_cost':0.25} | 0.25",
                "'cost':0.0125,'is_byok':true,'cost_details':{'upstream_inference_cost':0.25} | 0.2625",
                "'is_byok':true,'cost_details':{'upstream_inference_cost':2.5e-1},'cost':0 | 0.25",
                "'cost':0,'is_byok':true | -",
                "'cost':0,'is_byok':true,'cost_details':{'upstream_inference_cost':null} | -",
                "'cost':0,'cost_details':7 | 0"
            })
    void cost_of_a_clients_own_key_has_the_providers_part_in_it(String told, BigDecimal cost) {
        // Given
        var chat = "{'prompt_tokens':10,'completion_tokens':5," + told + "}";
        var response = "{\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":10,\"output_tokens\":5,"
                + quoted(told) + "}}";
        // When
        var ofChat = read(chat);
        var ofResponse = Formats.of("/v1/responses")
                .readAnswer(response.getBytes(StandardCharsets.UTF_8))
                .usage();
        // Then
        var expected = new Reported(TokenUsage.of(10, 5), Optional.ofNullable(cost));
        assertThat(ofChat).usingRecursiveComparison().isEqualTo(expected);
        assertThat(ofResponse).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void error_in_an_answer_of_status_200_is_one_and_costs_nothing_where_nothing_was_written() {
        // When
        AnswerFacts bare = answer("{\"error\":{\"code\":502,\"message\":\"Upstream failed\"}}");
        AnswerFacts written = answer("{\"choices\":[{\"message\":{\"content\":\"He\"},\"finish_reason\":\"error\"}]}");
        AnswerFacts billed = answer("{\"error\":{\"code\":502},\"usage\":{" + COUNTS + "}}");
        AnswerFacts none = answer("{\"error\":null,\"choices\":[]}");

        // Then
        assertThat(bare.error()).contains(new ProviderError(Optional.empty(), Optional.of("502")));
        assertThat(bare.usage()).isEqualTo(new Reported(TokenUsage.NONE, Optional.empty()));
        assertThat(written.error()).contains(ProviderError.UNCLASSIFIED);
        assertThat(written.usage()).isEqualTo(new Missing());
        assertThat(billed.error()).isPresent();
        assertThat(billed.usage()).isInstanceOf(Reported.class);
        assertThat(none.error()).isEmpty();
        assertThat(none.usage()).isEqualTo(new Missing());
    }

    @Test
    void names_that_are_no_names_are_left_out() {
        // When
        AnswerFacts facts = answer("{\"model\":\"" + "m".repeat(257)
                + "\",\"service_tier\":{\"a\":[1]},\"choices\":[{\"finish_reason\":null},7]}");

        // Then
        assertThat(facts.served().model()).isEmpty();
        assertThat(answer("{\"model\":\"\"}").served().model()).isEmpty();
        assertThat(facts.served().tier()).isEqualTo(ServiceTier.STANDARD);
        assertThat(facts.finishReasons()).isEmpty();
    }

    private static UsageReading read(String usage) {
        return answer("{\"usage\":" + quoted(usage) + "}").usage();
    }

    private static AnswerFacts answer(String body) {
        return Requests.format(ChatDialect.OPENAI).readAnswer(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }

    private static TokenUsage tokens(String columns) {
        long[] counts =
                Arrays.stream(columns.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        return TokenUsage.builder()
                .set(Component.INPUT, counts[0])
                .set(Component.CACHED_INPUT, counts[1])
                .set(Component.CACHE_WRITE_5M, counts[2])
                .set(Component.INPUT_AUDIO, counts[3])
                .set(Component.OUTPUT, counts[4])
                .set(Component.OUTPUT_AUDIO, counts[5])
                .reasoning(counts[6])
                .build();
    }
}
