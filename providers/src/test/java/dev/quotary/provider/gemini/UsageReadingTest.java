package dev.quotary.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.Component;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageReadingTest {
    @Test
    void recorded_answer_gives_the_expected_usage_model_and_tier() {
        // Given
        var sample = Gemini.sample("27-gemini-thoughts-cache-tools");

        // When
        var facts = facts(sample.at("/response/body").toString());

        // Then
        assertThat(facts.usage()).isEqualTo(new Reported(Gemini.expectedUsage(sample), Optional.empty()));
        assertThat(facts.served().model()).contains("gemini-3.5-flash");
        assertThat(facts.served().tier()).isEqualTo(ServiceTier.STANDARD);
        assertThat(facts.served().tierText()).contains("standard");
        assertThat(facts.finishReasons()).containsExactly("STOP");
    }

    @Test
    void audio_and_images_are_taken_out_of_what_includes_them() {
        // Given
        String usage = "{\"promptTokenCount\":100,\"cachedContentTokenCount\":40,\"candidatesTokenCount\":70,"
                + "\"thoughtsTokenCount\":5,\"toolUsePromptTokenCount\":9,\"totalTokenCount\":184,\"promptTokensDetails\":"
                + "[{\"modality\":\"TEXT\",\"tokenCount\":50},{\"modality\":\"AUDIO\",\"tokenCount\":30},"
                + "{\"modality\":\"IMAGE\",\"tokenCount\":20}],\"cacheTokensDetails\":[{\"modality\":\"AUDIO\","
                + "\"tokenCount\":10},{\"modality\":\"TEXT\",\"tokenCount\":30}],\"candidatesTokensDetails\":"
                + "[{\"modality\":\"AUDIO\",\"tokenCount\":11},{\"modality\":\"IMAGE\",\"tokenCount\":13}]}";

        // When
        var read = usage(usage);

        // Then
        assertThat(read)
                .isEqualTo(reported(TokenUsage.builder()
                        .set(Component.INPUT, 40 + 9)
                        .set(Component.CACHED_INPUT, 40)
                        .set(Component.INPUT_AUDIO, 20)
                        .set(Component.OUTPUT, 70 - 11 - 13 + 5)
                        .set(Component.OUTPUT_AUDIO, 11)
                        .set(Component.OUTPUT_IMAGE, 13)
                        .reasoning(5)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'promptTokenCount':5} | 5 | 0 | 0",
                "{'promptTokenCount':5,'totalTokenCount':5} | 5 | 0 | 0",
                "{'promptTokenCount':5,'thoughtsTokenCount':7,'totalTokenCount':12} | 5 | 7 | 7",
                "{'promptTokenCount':5,'totalTokenCount':12} | 5 | 7 | 0",
                "{'promptTokenCount':5,'candidatesTokenCount':3,'totalTokenCount':12} | 5 | 7 | 0",
                "{'promptTokenCount':5,'candidatesTokenCount':null,'totalTokenCount':5} | 5 | 0 | 0",
                "{'promptTokenCount':0,'candidatesTokenCount':3} | 0 | 3 | 0",
                "{'promptTokenCount':5,'candidatesTokenCount':3,'totalTokenCount':8,'newField':[{}]} | 5 | 3 | 0",
                "{'prompt_token_count':5,'candidates_token_count':3,'total_token_count':8} | 5 | 3 | 0",
                "{'promptTokenCount':5,'candidatesTokenCount':3,'initialPromptTokenCount':2} | 5 | 3 | 0",
            })
    void what_is_left_out_is_nothing_unless_the_total_tells(String usage, long input, long output, long reasoning) {
        assertThat(usage(usage.replace('\'', '"')))
                .isEqualTo(reported(TokenUsage.builder()
                        .set(Component.INPUT, input)
                        .set(Component.OUTPUT, output)
                        .reasoning(reasoning)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'candidatesTokenCount':3}",
                "{'promptTokenCount':5,'candidatesTokenCount':3,'totalTokenCount':7}",
                "{'promptTokenCount':5,'candidatesTokenCount':3,'thoughtsTokenCount':0,'totalTokenCount':9}",
                "{'promptTokenCount':5,'cachedContentTokenCount':6}",
                "{'promptTokenCount':-1}",
                "{'promptTokenCount':1.0}",
                "{'promptTokenCount':'5'}",
                "{'promptTokenCount':99999999999999999999999}",
                "{'promptTokenCount':1000000000001}",
                "{'promptTokenCount':1000000000000,'toolUsePromptTokenCount':1000000000000}",
                "{'promptTokenCount':5,'promptTokenCount':5}",
                "{'promptTokenCount':5,'prompt_token_count':5}",
                "{'promptTokenCount':5,'promptTokensDetails':{}}",
                "{'promptTokenCount':5,'promptTokensDetails':[5]}",
                "{'promptTokenCount':5,'promptTokensDetails':[{'modality':'AUDIO','tokenCount':6}]}",
                "{'promptTokenCount':5,'cachedContentTokenCount':1,'cacheTokensDetails':[{'modality':'AUDIO','tokenCount':2}]}",
                "{'promptTokenCount':5,'candidatesTokenCount':1,'candidatesTokensDetails':[{'modality':'IMAGE','tokenCount':2}]}",
                "{'promptTokenCount':5,'toolUsePromptTokensDetails':[{'modality':'AUDIO','tokenCount':2}]}",
                "7"
            })
    void usage_that_contradicts_itself_is_broken(String usage) {
        assertThat(usage(usage.replace('\'', '"'))).isInstanceOf(Broken.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'usageMetadata':null}", "{'candidates':[{'content':{'parts':[{'text':'a'}]}}]}"})
    void answer_without_usage_has_none(String answer) {
        assertThat(facts(answer.replace('\'', '"')).usage()).isEqualTo(new Missing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{'usageMetadata':{'promptTokenCount':5}",
                "{'usageMetadata':{'promptTokenCount':5}} {}",
                "{'usageMetadata':{'promptTokenCount':5},'usageMetadata':{'promptTokenCount':6}}"
            })
    void answer_that_is_no_whole_document_is_broken(String answer) {
        assertThat(facts(answer.replace('\'', '"')).usage()).isInstanceOf(Broken.class);
    }

    @ParameterizedTest
    @CsvSource({
        "serviceTier, standard, STANDARD",
        "serviceTier, flex, FLEX",
        "serviceTier, PRIORITY, PRIORITY",
        "serviceTier, batch, BATCH",
        "serviceTier, new, STANDARD",
        "trafficType, ON_DEMAND, STANDARD",
        "trafficType, ON_DEMAND_PRIORITY, PRIORITY",
        "trafficType, ON_DEMAND_FLEX, FLEX",
        "trafficType, PROVISIONED_THROUGHPUT, STANDARD",
    })
    void tier_is_the_one_that_served(String member, String word, ServiceTier tier) {
        // When
        var served = facts("{\"usageMetadata\":{\"promptTokenCount\":5,\"" + member + "\":\"" + word + "\"}}")
                .served();

        // Then
        assertThat(served.tier()).isEqualTo(tier);
        assertThat(served.tierText()).contains(word);
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-3.5-flash, 0, 3",
        "gemini-4-argon, 0, 3",
        "models/gemini-3-pro-preview, 0, 3",
        "gemini-2.5-flash, 1, 0",
        "gemini-flash-latest, 1, 3",
    })
    void searches_count_as_the_served_model_bills_them(String model, long prompts, long queries) {
        // Given
        String answer = "{\"candidates\":[{\"groundingMetadata\":{\"webSearchQueries\":[\"a\",\"\",\"b\"]}},"
                + "{\"index\":1,\"groundingMetadata\":{\"imageSearchQueries\":[\"c\"]}}],"
                + "\"usageMetadata\":{\"promptTokenCount\":5},\"modelVersion\":\"" + model + "\"}";

        // When
        var read = facts(answer).usage();

        // Then
        assertThat(read)
                .isEqualTo(reported(TokenUsage.builder()
                        .set(Component.INPUT, 5)
                        .set(Component.WEB_SEARCHES, prompts)
                        .set(Component.SEARCH_QUERIES, queries)));
    }

    @Test
    void embeddings_tell_images_apart_and_may_tell_nothing() {
        // Given
        var format = Gemini.format("/v1beta/models/gemini-embedding-2:embedContent");
        String details = "[{\"modality\":\"IMAGE\",\"tokenCount\":3},{\"modality\":\"TEXT\",\"tokenCount\":2}]";
        String told =
                "{\"embedding\":{\"values\":[0.5]},\"usageMetadata\":{\"promptTokenCount\":5,\"promptTokensDetails\":"
                        + details + "}}";

        // When
        var usage = format.readAnswer(Gemini.bytes(told)).usage();
        var untold = format.readAnswer(Gemini.bytes("{\"embedding\":{\"values\":[0.5]}}"))
                .usage();
        var video =
                format.readAnswer(Gemini.bytes(told.replace("IMAGE", "VIDEO"))).usage();

        // Then
        assertThat(usage)
                .isEqualTo(reported(TokenUsage.builder().set(Component.INPUT, 2).set(Component.INPUT_IMAGE, 3)));
        assertThat(untold).isEqualTo(new Missing());
        assertThat(video).isInstanceOf(Broken.class);
    }

    @Test
    void text_of_an_answer_is_what_the_model_wrote() {
        // Given
        String answer = "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hi \\u00e9\"},"
                + "{\"functionCall\":{\"name\":\"f\",\"args\":{\"city\":\"Oslo\",\"n\":[1,\"x\"]}}},"
                + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}]}}]}";

        // When
        var text = Gemini.format(Gemini.GENERATE).readText(Gemini.bytes(answer));

        // Then
        assertThat(text.kept()).isEqualTo("Hi énamefargscityOslonx");
        assertThat(text.bytes()).isEqualTo(24);
    }

    private static AnswerFacts facts(String answer) {
        return Gemini.format(Gemini.GENERATE).readAnswer(Gemini.bytes(answer));
    }

    private static UsageReading usage(String usage) {
        return facts("{\"usageMetadata\":" + usage + "}").usage();
    }

    private static Reported reported(TokenUsage.Builder usage) {
        return new Reported(usage.build(), Optional.empty());
    }
}
