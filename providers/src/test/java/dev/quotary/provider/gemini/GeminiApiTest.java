package dev.quotary.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.provider.Operation;
import dev.quotary.provider.Operation.Unmeterable;
import dev.quotary.provider.ProviderApi.KeyHeader;
import dev.quotary.provider.UsageReading.Reported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiApiTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/models/gemini-3.5-flash:generateContent, gemini.generateContent",
        "/v1beta/models/gemini-3.5-flash:generateContent, gemini.generateContent",
        "/v1alpha/models/gemini-2.5-pro:streamGenerateContent, gemini.streamGenerateContent",
        "/v1beta/tunedModels/my-model-1:generateContent, gemini.generateContent",
        "/v1beta/models/gemini-embedding-001:embedContent, gemini.embedContent",
        "/v1beta/models/gemini-embedding-001:batchEmbedContents, gemini.batchEmbedContents",
        "/v1/projects/p-1/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generateContent, gemini.generateContent",
        "/v1beta1/projects/example.com:p/locations/global/publishers/google/models/g:generateContent, gemini.generateContent",
        "/v1beta1/publishers/google/models/gemini-2.5-pro:streamGenerateContent, gemini.streamGenerateContent",
    })
    void call_is_metered_in_its_format(String path, String format) {
        // When
        var operation = Gemini.API.operation("POST", path);

        // Then
        assertThat(operation)
                .isInstanceOfSatisfying(
                        Operation.Metered.class,
                        metered -> assertThat(metered.format().id()).isEqualTo(format));
        assertThat(Gemini.API.operation("GET", path)).isEqualTo(new Operation.WrongMethod("POST"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1beta/models",
        "GET, /v1/models/gemini-3.5-flash",
        "POST, /v1beta/models/gemini-3.5-flash:countTokens",
        "POST, /v1/projects/p/locations/l/publishers/google/models/m:computeTokens",
    })
    void question_is_free(String method, String path) {
        assertThat(Gemini.API.operation(method, path)).isEqualTo(new Operation.Free());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1beta/models/gemini%2D3:generateContent",
                "/v1beta/models/gemini-3.5-flash%3AgenerateContent",
                "/v1beta/models/../files:generateContent",
                "/v1beta/models/%2e%2e/files:generateContent",
                "/v1beta/models/a/b:generateContent",
                "/v1beta/models//b:generateContent",
                "/v1beta/models/:generateContent",
                "/v1beta/models/a:generateContent/",
                "/v1beta/models/a:generateContent;x=1",
                "/v1beta/models/a b:generateContent",
                "/v1beta/models/a:",
                "/v2/models/a:generateContent",
                "/v1/projects/p/locations/l/publishers/anthropic/models/claude:rawPredict",
                "/v1/projects/p/locations/l/endpoints/17:generateContent",
                "/v1beta/models/a:generateText",
                "/v1beta/models/../x",
                "",
                "/",
                "v1beta/models/a:generateContent"
            })
    void path_that_is_not_plainly_known_is_not_forwarded(String path) {
        assertThat(Gemini.API.operation("POST", path)).isEqualTo(Unmeterable.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1beta/models/m:batchGenerateContent",
                "/v1beta/models/m:asyncBatchEmbedContent",
                "/v1beta/models/m:predict",
                "/v1beta/models/m:predictLongRunning",
                "/v1beta/models/m:bidiGenerateContent",
                "/v1beta/interactions",
                "/v1beta/batches/1",
                "/v1beta/batches/1:cancel",
                "/v1beta/files",
                "/upload/v1beta/files",
                "/v1beta/cachedContents",
                "/v1beta/operations/1",
                "/v1beta/openai/chat/completions",
                "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
            })
    void call_that_cannot_be_metered_is_refused_with_its_reason(String path) {
        // When
        var operation = Gemini.API.operation("POST", path);

        // Then
        assertThat(operation)
                .isInstanceOf(Unmeterable.class)
                .isNotEqualTo(Unmeterable.UNKNOWN)
                .isEqualTo(Gemini.API.operation("GET", path));
    }

    @Test
    void key_goes_into_googles_own_header_and_not_into_logs() {
        // When
        var header = Gemini.API.keyHeader("AIza-secret");

        // Then
        assertThat(header).isEqualTo(new KeyHeader("x-goog-api-key", "AIza-secret"));
        assertThat(header.toString()).doesNotContain("AIza");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"candidates\":[],\"usageMetadata\":{\"promptTokenCount\":3}}",
                "{\"usage_metadata\":{\"prompt_token_count\":3}}",
                "{\"promptFeedback\":{},\"usageMetadata\":{\"promptTokenCount\":3}}",
                "{\"embedding\":{\"values\":[0.1]},\"usageMetadata\":{\"promptTokenCount\":3}}",
                "{\"embeddings\":[{\"values\":[0.1]}],\"usageMetadata\":{\"promptTokenCount\":3}}"
            })
    void raw_answer_is_known_by_its_members(String answer) {
        // When
        var facts = Gemini.API.readAnswer(Gemini.bytes(answer)).orElseThrow();

        // Then
        assertThat(facts.usage())
                .isInstanceOfSatisfying(
                        Reported.class,
                        reported -> assertThat(reported.tokens().input()).isEqualTo(3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"choices\":[],\"usage\":{}}", "[]", "", "{\"content\":[],\"usage\":{\"input_tokens\":1}}"})
    void answer_of_another_api_is_not_taken(String answer) {
        assertThat(Gemini.API.readAnswer(Gemini.bytes(answer))).isEmpty();
    }
}
