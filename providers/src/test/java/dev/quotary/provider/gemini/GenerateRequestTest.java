package dev.quotary.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.price.ServiceTier;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateRequestTest {
    private static final String HI = "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}";

    @Test
    void facts_of_the_recorded_request() {
        // Given
        var sample = Gemini.sample("27-gemini-thoughts-cache-tools");

        // When
        var facts = Gemini.parsed(
                        sample.at("/request/path").asText(),
                        sample.at("/request/body").toString())
                .facts();

        // Then
        assertThat(facts.model()).isEqualTo("gemini-3.5-flash");
        assertThat(facts.streaming()).isEqualTo(Streaming.OFF);
        assertThat(facts.output().perChoiceMax()).hasValue(2048);
        assertThat(facts.output().choices()).isEqualTo(1);
        assertThat(facts.feesMax()).isEqualTo(Fees.of(Component.SEARCH_QUERIES, Tools.SEARCH_QUERIES_MAX));
        assertThat(facts.tiers()).isEqualTo(Set.of(ServiceTier.STANDARD));
        assertThat(facts.toolFees()).isTrue();
        assertThat(facts.input().mediaTokens()).isEqualTo(Tools.RESULT_TOKENS);
        assertThat(facts.input().tokensMax())
                .isGreaterThanOrEqualTo(Gemini.expectedUsage(sample).totalInput());
    }

    @ParameterizedTest
    @CsvSource({
        "streamGenerateContent, ON_WITH_USAGE",
        "streamGenerateContent?alt=sse, ON_WITH_USAGE",
        "generateContent, OFF"
    })
    void streaming_is_told_by_the_method(String method, Streaming streaming) {
        assertThat(Gemini.parsed(Gemini.MODEL + method, HI).facts().streaming()).isEqualTo(streaming);
    }

    @Test
    void text_is_bounded_by_its_bytes_wherever_it_stands() {
        // Given: 2 + 4 bytes of texts in the contents, 5 in the role, 3 in the instruction
        String body = "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"H\\u0069\"},{\"text\":\"😀\"}]}],"
                + "\"systemInstruction\":{\"parts\":{\"text\":\"Abc\"}}}";

        // When
        InputBound bound = Gemini.parsed(Gemini.GENERATE, body).facts().input();

        // Then
        assertThat(bound).isEqualTo(new InputBound(14, 0, 32 + 2 * 8, 2));
    }

    @Test
    void both_forms_of_names_are_read_alike() {
        // Given
        String camel = "{\"contents\":[{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}]}],"
                + "\"systemInstruction\":{\"parts\":[{\"text\":\"Abc\"}]},\"generationConfig\":"
                + "{\"maxOutputTokens\":7,\"candidateCount\":2,\"responseModalities\":[\"TEXT\"]},\"serviceTier\":\"flex\"}";
        String snake = camel.replace("inlineData", "inline_data")
                .replace("mimeType", "mime_type")
                .replace("systemInstruction", "system_instruction")
                .replace("generationConfig", "generation_config")
                .replace("maxOutputTokens", "max_output_tokens")
                .replace("candidateCount", "candidate_count")
                .replace("responseModalities", "response_modalities")
                .replace("serviceTier", "service_tier");

        // When
        var facts = Gemini.parsed(Gemini.GENERATE, snake).facts();

        // Then
        assertThat(facts).isEqualTo(Gemini.parsed(Gemini.GENERATE, camel).facts());
        assertThat(facts.output().tokensMax()).hasValue(14);
        assertThat(facts.input().mediaTokens()).isEqualTo(2_240);
        assertThat(facts.tiers()).isEqualTo(Set.of(ServiceTier.FLEX, ServiceTier.STANDARD));
        assertThat(facts.components()).isEqualTo(Set.of(Component.INPUT, Component.CACHED_INPUT, Component.OUTPUT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'inlineData':{'mimeType':'image/jpeg','data':'AAAA'}} | 2240 | false",
                "{'fileData':{'mimeType':'image/jpeg','fileUri':'f'}} | 2240 | false",
                "{'inlineData':{'mimeType':'audio/mp3','data':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}} | 3 | true",
                "{'inlineData':{'mimeType':'audio/L16;rate=24000','data':'AAAA'}} | 1 | true",
                "{'inlineData':{'mimeType':'audio/flac','data':'AAAA'}} | 1048576 | true",
                "{'inlineData':{'mimeType':'video/mp4','data':'AAAA'}} | 1048576 | true",
                "{'inlineData':{'mimeType':'application/pdf','data':'AAAA'}} | 1048576 | false",
                "{'inlineData':{'mimeType':'text/csv','data':'AAAAAAAA'}} | 7 | false",
                "{'inlineData':{'data':'AAAA'}} | 1048576 | true",
                "{'fileData':{'mimeType':'text/plain','fileUri':'f'}} | 1048576 | false",
                "{'fileData':{'fileUri':'https://youtu.be/x'}} | 1048576 | true",
                "{'inlineData':{'mimeType':'image/png','data':'AA'},'mediaResolution':{'numTokens':9000}} | 11240 | false",
                "{'functionResponse':{'name':'f','parts':[{'inlineData':{'mimeType':'image/png','data':'A'}}]}} | 2240 | false",
            })
    void media_are_bounded_by_their_types(String part, long tokens, boolean audio) {
        // When
        var facts = Gemini.parsed(Gemini.GENERATE, Gemini.withParts(part.replace('\'', '"')))
                .facts();

        // Then
        assertThat(facts.input().mediaTokens()).isEqualTo(tokens);
        assertThat(facts.components().contains(Component.INPUT_AUDIO)).isEqualTo(audio);
    }

    @Test
    void images_of_older_models_count_by_tiles_and_all_media_never_more_than_the_context() {
        // Given
        String image = "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}";
        String video = "{\"inlineData\":{\"mimeType\":\"video/mp4\",\"data\":\"AAAA\"}}";

        // When
        var older = Gemini.parsed("/v1/models/gemini-2.5-flash:generateContent", Gemini.withParts(image));
        var much = Gemini.parsed(Gemini.GENERATE, Gemini.withParts(video + "," + video));
        var unknown = Gemini.parsed("/v1/models/g:generateContent", Gemini.withParts(video));

        // Then
        assertThat(older.facts().input().mediaTokens()).isEqualTo(16_512);
        assertThat(much.facts().input().mediaTokens()).isEqualTo(1_048_576);
        assertThat(unknown.facts().input().mediaTokens()).isEqualTo(2_097_152);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{'functionDeclarations':[{'name':'f'}]}] | 0 | false",
                "[{'googleSearch':{}}] | 100000 | true",
                "{'google_search_retrieval':{}} | 100000 | true",
                "[{'codeExecution':{}}] | 100000 | false",
                "[{'urlContext':{}}] | 1048576 | false",
                "[{'fileSearch':{}}] | 1048576 | false",
                "[{'computerUse':{}}] | 10000 | false",
                "[{'googleSearch':null}] | 0 | false",
                "null | 0 | false",
            })
    void tools_may_add_input_and_fees(String tools, long tokens, boolean fees) {
        // When
        var facts = Gemini.parsed(Gemini.GENERATE, Gemini.with("\"tools\":" + tools.replace('\'', '"')))
                .facts();

        // Then
        assertThat(facts.input().mediaTokens()).isEqualTo(tokens);
        assertThat(facts.toolFees()).isEqualTo(fees);
    }

    @Test
    void grounded_prompt_of_an_older_model_is_one_fee() {
        // When
        var facts = Gemini.parsed(
                        "/v1/models/gemini-2.5-flash:generateContent", Gemini.with("\"tools\":[{\"googleSearch\":{}}]"))
                .facts();

        // Then
        assertThat(facts.feesMax()).isEqualTo(Fees.of(Component.WEB_SEARCHES, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"googleMaps", "enterpriseWebSearch", "retrieval", "exaAiSearch", "parallelAiSearch", "x"})
    void tool_whose_fee_is_not_known_is_refused(String tool) {
        assertThat(Gemini.read(Gemini.GENERATE, Gemini.with("\"tools\":[{\"" + tool + "\":{}}]")))
                .isInstanceOf(Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"cachedContent\":\"cachedContents/1\"", "\"continuation_token\":\"AA==\""})
    void context_kept_at_the_provider_may_be_anything(String member) {
        // When
        var facts = Gemini.parsed(Gemini.GENERATE, Gemini.with(member)).facts();

        // Then
        assertThat(facts.input().mediaTokens()).isEqualTo(1_048_576);
        assertThat(facts.components()).contains(Component.INPUT_AUDIO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'maxOutputTokens':5} | 5",
                "{'maxOutputTokens':'5'} | 5",
                "{'max_output_tokens':5} | 5",
                "{'maxOutputTokens':5,'responseModalities':['IMAGE']} | 65536",
                "{'maxOutputTokens':70000,'responseModalities':['TEXT','IMAGE']} | 70000",
                "{'responseModalities':['image']} | 65536",
            })
    void cap_on_the_output_is_read_but_images_count_beside_it(String config, long max) {
        // When
        var facts = Gemini.parsed(Gemini.GENERATE, Gemini.with("\"generationConfig\":" + config.replace('\'', '"')))
                .facts();

        // Then
        assertThat(facts.output().perChoiceMax()).hasValue(max);
    }

    @Test
    void model_that_draws_may_draw_unless_told_not_to() {
        // Given
        String path = "/v1/models/gemini-2.5-flash-image:generateContent";

        // When
        var untold = Gemini.parsed(path, HI).facts();
        var told = Gemini.parsed(path, Gemini.with("\"generationConfig\":{\"responseModalities\":[\"TEXT\"]}"))
                .facts();

        // Then
        assertThat(untold.components()).contains(Component.OUTPUT_IMAGE, Component.OUTPUT_AUDIO);
        assertThat(told.components()).doesNotContain(Component.OUTPUT_IMAGE, Component.OUTPUT_AUDIO);
        assertThat(told.output().perChoiceMax()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'contents':[{'parts':[{'text':'Hi'}]}]} | ,'generationConfig':{'maxOutputTokens':9} | 39",
                "{'generationConfig':{},'contents':[{'parts':[]}]} | 'maxOutputTokens':9 | 21",
                "{'generationConfig':{ 'topK':1},'contents':[{'parts':[]}]} | 'maxOutputTokens':9, | 21",
                "{'contents':[{'parts':[]}] ~} | ,'generationConfig':{'maxOutputTokens':9} | 26",
            })
    void cap_is_put_in_and_nothing_else_changes(String body, String inserted, int at) {
        // Given
        String original = body.replace('\'', '"').replace('~', '\n');

        // When
        var capped = Gemini.parsed(Gemini.GENERATE, original).upstreamBody(OptionalLong.of(9));

        // Then
        String expected = original.substring(0, at) + inserted.replace('\'', '"') + original.substring(at);
        assertThat(Gemini.text(capped)).isEqualTo(expected);
        assertThat(Gemini.parsed(Gemini.GENERATE, expected).facts().output().perChoiceMax())
                .hasValue(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'contents':[{'parts':[]}],'generationConfig':null} | {'contents':[{'parts':[]}],'generationConfig':{'maxOutputTokens':9}}",
                "{'generation_config':{'max_output_tokens':null},'contents':[{}]} | {'generation_config':{'max_output_tokens':9},'contents':[{}]}",
            })
    void cap_takes_the_place_of_null(String body, String expected) {
        // When
        var capped = Gemini.parsed(Gemini.GENERATE, body.replace('\'', '"')).upstreamBody(OptionalLong.of(9));

        // Then
        assertThat(Gemini.text(capped)).isEqualTo(expected.replace('\'', '"'));
    }

    @Test
    void body_without_need_for_a_cap_is_the_clients_own() {
        // Given
        var capped = Gemini.with("\"generationConfig\":{\"maxOutputTokens\":5}");

        // When
        var own = Gemini.parsed(Gemini.GENERATE, capped).upstreamBody(OptionalLong.of(3));
        var uncapped = Gemini.parsed(Gemini.GENERATE, HI).upstreamBody(OptionalLong.empty());

        // Then
        assertThat(Gemini.text(own)).isEqualTo(capped);
        assertThat(Gemini.text(uncapped)).isEqualTo(HI);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'contents':[{'parts':[]}],'contents':[{'parts':[]}]}",
                "{'contents':[{'parts':[]}],'generationConfig':{},'generation_config':{}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'maxOutputTokens':5,'max_output_tokens':6}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'maxOutputTokens':5,'maxOutputTokens':6}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'MaxOutputTokens':5}}",
                "{'contents':[{'parts':[]}],'GenerationConfig':{}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'maxOutputTokens':0}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'maxOutputTokens':-1}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'maxOutputTokens':1.5}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'maxOutputTokens':'x'}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'maxOutputTokens':99999999999999999999}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'maxOutputTokens':'99999999999999999999'}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'candidateCount':129}}",
                "{'contents':[{'parts':[]}],'generationConfig':{'routingConfig':{}}}",
                "{'contents':[{'parts':[]}],'generationConfig':[]}",
                "{'contents':[{'parts':[]}],'tools':[1]}",
                "{'contents':[{'parts':[]}],'model':'models/gemini-2.5-pro'}",
                "{'contents':[{'parts':[]}],'model':7}",
                "{'contents':[]}",
                "{'contents':null}",
                "{'contents':[1]}",
                "{'generationConfig':{}}",
                "{}",
                "[]",
                "1",
                "",
                "{'contents':[{'parts':[]}]} 1",
                "{'contents':[{'parts':[]}]",
                "{'contents':[{'parts':[{'text':'a]}]}"
            })
    void request_that_could_be_read_in_two_ways_is_refused(String body) {
        assertThat(Gemini.read(Gemini.GENERATE, body.replace('\'', '"'))).isInstanceOf(Rejected.class);
    }

    @Test
    void invalid_utf8_and_hostile_depth_are_refused() {
        // Given
        byte[] broken = Gemini.bytes(HI);
        broken[HI.indexOf("Hi")] = (byte) 0xC3;
        String deep = Gemini.with("\"labels\":" + "[".repeat(100_000));

        // When
        var head = RequestHead.post(Gemini.GENERATE);
        var reading = Gemini.format(Gemini.GENERATE).readRequest(head, broken);

        // Then
        assertThat(reading).isInstanceOf(Rejected.class);
        assertThat(Gemini.read(Gemini.GENERATE, deep)).isInstanceOf(Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?fields=candidates",
                "?%66ields=candidates",
                "?$fields=candidates",
                "?alt=proto",
                "?alt=media",
                "?alt=sse",
                "?$alt=json;enum-encoding=int",
                "?alt=json&alt=proto",
                "?callback=f",
                "?access_token=x",
                "?x"
            })
    void query_that_could_change_the_answer_is_refused(String query) {
        assertThat(Gemini.read(Gemini.GENERATE + query, HI)).isInstanceOf(Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?alt=json", "?key=AIza", "?prettyPrint=false", "?&quotaUser=u&$alt=json"})
    void harmless_query_passes(String query) {
        assertThat(Gemini.parsed(Gemini.GENERATE + query, HI).target()).isEqualTo(Gemini.GENERATE + query);
    }

    @Test
    void header_that_leaves_out_members_of_the_answer_is_refused() {
        // Given
        var head = new RequestHead() {
            @Override
            public String method() {
                return "POST";
            }

            @Override
            public String target() {
                return Gemini.GENERATE;
            }

            @Override
            public Optional<String> header(String name) {
                return name.equalsIgnoreCase("X-Goog-FieldMask") ? Optional.of("candidates") : Optional.empty();
            }
        };

        // When
        var reading = Gemini.format(Gemini.GENERATE).readRequest(head, Gemini.bytes(HI));

        // Then
        assertThat(reading).isInstanceOf(Rejected.class);
    }

    @Test
    void other_model_changes_the_path_and_nothing_else() {
        // Given
        var request = Gemini.parsed("/v1alpha/models/gemini-3.5-flash:streamGenerateContent?alt=sse", HI);

        // When
        var other = ((Parsed) request.forModel("gemini-2.5-flash")).request();

        // Then
        assertThat(other.target()).isEqualTo("/v1alpha/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
        assertThat(other.facts().model()).isEqualTo("gemini-2.5-flash");
        assertThat(Gemini.text(other.upstreamBody(OptionalLong.empty()))).isEqualTo(HI);
        assertThat(other.relay()).isInstanceOf(EventRelay.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "..", "a:b", "a?b", "a%2e"})
    void name_that_no_path_can_hold_is_no_model(String model) {
        assertThat(Gemini.parsed(Gemini.GENERATE, HI).forModel(model)).isInstanceOf(Rejected.class);
    }
}
