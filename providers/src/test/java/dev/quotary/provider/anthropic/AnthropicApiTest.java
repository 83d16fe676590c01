package dev.quotary.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.Operation;
import dev.quotary.provider.Operation.Unmeterable;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading.Reported;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicApiTest {
    @Test
    void messages_are_metered() {
        // When
        var operation = Messages.API.operation("POST", "/v1/messages");
        // Then
        assertThat(operation)
                .isInstanceOfSatisfying(
                        Operation.Metered.class,
                        metered -> assertThat(metered.format().id()).isEqualTo("anthropic.messages"));
    }

    @ParameterizedTest
    @CsvSource({"POST,/v1/messages/count_tokens", "GET,/v1/models", "GET,/v1/models/claude-opus-5"})
    void questions_are_free(String method, String path) {
        // When
        var operation = Messages.API.operation(method, path);
        // Then
        assertThat(operation).isEqualTo(new Operation.Free());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/messages,POST",
        "DELETE,/v1/messages,POST",
        "GET,/v1/messages/count_tokens,POST",
        "POST,/v1/models,GET",
        "DELETE,/v1/models/claude-opus-5,GET"
    })
    void other_methods_are_told_which_one_is_meant(String method, String path, String allowed) {
        // When
        var operation = Messages.API.operation(method, path);
        // Then
        assertThat(operation).isEqualTo(new Operation.WrongMethod(allowed));
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/messages/batches,batch",
        "GET,/v1/messages/batches/msgbatch_1/results,batch",
        "POST,/v1/files,file",
        "GET,/v1/files/file_1/content,file",
        "POST,/v1/complete,completions"
    })
    void what_cannot_be_metered_is_refused_with_a_reason(String method, String path, String reason) {
        // When
        var operation = Messages.API.operation(method, path);
        // Then
        assertThat(operation)
                .isInstanceOfSatisfying(
                        Unmeterable.class,
                        refused -> assertThat(refused.reason()).contains(reason));
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/messages/",
        "POST,/v1/messages/other",
        "POST,/v1/Messages",
        "POST,/v1/messages/count_tokens/x",
        "GET,/v1/models/../messages",
        "GET,/v1/models/%2E%2e/messages",
        "GET,/v1/models/x\\y",
        "POST,/v1/skills",
        "POST,/v1/chat/completions"
    })
    void what_is_not_known_is_refused(String method, String path) {
        // When
        var operation = Messages.API.operation(method, path);
        // Then
        assertThat(operation).isEqualTo(Unmeterable.UNKNOWN);
    }

    @Test
    void key_is_shown_in_a_header_of_its_own() {
        // When
        var header = Messages.API.keyHeader("sk-ant-1");
        // Then
        assertThat(header.name()).isEqualTo("x-api-key");
        assertThat(header.value()).isEqualTo("sk-ant-1");
    }

    @Test
    void line_of_a_batchs_results_is_read_as_recorded() {
        // Given
        var line =
                Messages.sample("26-anthropic-batch-tier").at("/response/body").asText();
        // When
        var facts = Messages.API.readAnswer(Messages.bytes(line));
        // Then
        assertThat(facts)
                .hasValue(new AnswerFacts(
                        new Reported(TokenUsage.of(1000, 500), Optional.empty()),
                        new Served(Optional.of("claude-opus-5-5"), ServiceTier.BATCH, Optional.of("batch")),
                        List.of("end_turn")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"choices\":[],\"usage\":{}}",
                "{\"custom_id\":\"a\",\"result\":{\"type\":\"errored\",\"error\":{}}}",
                "{\"custom_id\":\"a\",\"result\":{\"message\":{\"usage\":",
                "{\"content\":[]}",
                "[]",
                "''"
            })
    void answer_of_another_kind_is_none(String body) {
        // When
        var facts = Messages.API.readAnswer(Messages.bytes(body));
        // Then
        assertThat(facts).isEmpty();
    }
}
