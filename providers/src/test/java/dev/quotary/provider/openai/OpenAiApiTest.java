package dev.quotary.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.provider.Operation;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.openai.api.OpenAiApi;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each path of the API is, and which answers are known by their members. */
class OpenAiApiTest {
    private final OpenAiApi api = Formats.api(ChatDialect.OPENAI);

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, openai.chat",
        "/v1/completions, openai.completions",
        "/v1/responses, openai.responses",
        "/v1/embeddings, openai.embeddings",
        "/v1/images/generations, openai.images",
        "/v1/images/edits, openai.images",
        "/v1/audio/transcriptions, openai.transcriptions",
        "/v1/audio/translations, openai.translations",
        "/v1/audio/speech, openai.speech"
    })
    void calls_that_cost_are_metered_in_their_format(String path, String id) {
        // Then
        assertThat(api.operation("POST", path))
                .isInstanceOfSatisfying(
                        Operation.Metered.class,
                        metered -> assertThat(metered.format().id()).isEqualTo(id));
        assertThat(api.operation("PUT", path)).isEqualTo(new Operation.WrongMethod("POST"));
    }

    @ParameterizedTest
    @CsvSource({"GET, /v1/models", "GET, /v1/models/gpt-4o", "POST, /v1/moderations", "POST, /v1/responses/input_tokens"
    })
    void questions_are_free(String method, String path) {
        assertThat(api.operation(method, path)).isEqualTo(new Operation.Free());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/responses",
                "/v1/realtime",
                "/v1/batches",
                "/v1/files/file-1",
                "/v1/responses/resp_1",
                "/v1/responses/resp_1/input_items",
                "/v1/responses/resp_1/cancel",
                "/v1/responses/compact",
                "/v1/responses/resp_1/../../files",
                "/v1/models/%2e%2e/batches",
                "/v1/images/variations",
                "/v1/decisions",
                "/v2/chat/completions",
                "/"
            })
    void everything_else_is_not_forwarded_and_says_why(String path) {
        assertThat(api.operation("GET", path))
                .isInstanceOfSatisfying(
                        Operation.Unmeterable.class,
                        unmeterable -> assertThat(unmeterable.reason()).endsWith("."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}",
                "{\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}",
                "{\"object\":\"list\",\"data\":[],\"usage\":{\"prompt_tokens\":1,\"total_tokens\":3}}",
                "{\"created\":1,\"data\":[{}],\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}",
                "{\"text\":\"a\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":1,\"output_tokens\":2}}"
            })
    void raw_answer_is_known_by_its_members(String answer) {
        // When
        var facts = api.readAnswer(answer.getBytes(StandardCharsets.UTF_8));
        // Then
        assertThat(facts.orElseThrow().usage())
                .isInstanceOfSatisfying(
                        Reported.class,
                        reported -> assertThat(reported.tokens().totalInput()
                                        + reported.tokens().totalOutput())
                                .isEqualTo(3));
    }

    @Test
    void answer_of_another_api_is_not_taken_for_one_of_this() {
        for (var answer : new String[] {"{\"candidates\":[]}", "{\"type\":\"message\",\"content\":[]}", "[]", "x"}) {
            assertThat(api.readAnswer(answer.getBytes(StandardCharsets.UTF_8))).isEmpty();
        }
    }

    @Test
    void formats_of_xai_bear_its_name() {
        assertThat(Formats.of(ChatDialect.XAI, "/v1/responses").id()).isEqualTo("xai.responses");
        assertThat(Formats.of(ChatDialect.COMPATIBLE, "/v1/embeddings").id()).isEqualTo("openai.embeddings");
    }
}
