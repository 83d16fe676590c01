package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final int SENTENCE = 13;

    @Test
    void without_a_directive_input_is_estimated_and_output_is_a_sentence() {
        // When
        var tokens = tokens("", "");

        // Then
        assertThat(tokens.prompt()).isEqualTo(new Tokens.Input(8, 0, 0, 0));
        assertThat(tokens.completion()).isEqualTo(SENTENCE);
        assertThat(tokens.total()).isEqualTo(8 + SENTENCE);
        assertThat(tokens.cutShort()).isFalse();
    }

    @Test
    void the_estimate_counts_bytes_messages_and_the_answer() {
        // Given
        var prompt = new Prompt(List.of("abc", "ää", ""));

        // When
        int tokens = prompt.estimatedTokens();

        // Then
        int textTokens = Math.ceilDiv(3 + 4 + 0, 4);
        assertThat(tokens).isEqualTo(textTokens + 3 * 3 + 3);
    }

    @Test
    void parts_are_inside_their_whole() {
        // When
        var tokens = tokens("input=5000 cached=1024 cache_write=3500 output=120 reasoning=64", "");

        // Then
        assertThat(tokens.prompt()).isEqualTo(new Tokens.Input(5000, 1024, 3500, 0));
        assertThat(tokens.visible()).isEqualTo(56);
        assertThat(tokens.completion()).isEqualTo(120);
        assertThat(tokens.total()).isEqualTo(5120);
    }

    @Test
    void reasoning_without_output_comes_on_top_of_the_sentence() {
        // When
        var tokens = tokens("reasoning=10", "");

        // Then
        assertThat(tokens.completion()).isEqualTo(SENTENCE + 10);
    }

    @Test
    void the_callers_maximum_takes_the_text_before_the_reasoning() {
        // When
        var tokens = tokens("output=100 reasoning=60", ",\"max_completion_tokens\":70");

        // Then
        assertThat(tokens).isEqualTo(new Tokens(tokens.prompt(), 10, 60, 1, true));
    }

    @Test
    void a_maximum_below_the_reasoning_leaves_no_text() {
        // When
        var tokens = tokens("output=100 reasoning=60", ",\"max_tokens\":50");

        // Then
        assertThat(tokens).isEqualTo(new Tokens(tokens.prompt(), 0, 50, 1, true));
    }

    @Test
    void the_newer_name_of_the_maximum_wins() {
        // When
        var tokens = tokens("output=100", ",\"max_completion_tokens\":70,\"max_tokens\":50");

        // Then
        assertThat(tokens.completion()).isEqualTo(70);
    }

    @Test
    void a_maximum_that_is_just_reached_cuts_nothing_short() {
        assertThat(tokens("output=7", ",\"max_tokens\":7").cutShort()).isFalse();
    }

    @Test
    void each_choice_counts() {
        // When
        var tokens = tokens("output=5 reasoning=2", ",\"n\":3");

        // Then
        assertThat(tokens.completion()).isEqualTo(15);
        assertThat(tokens.reasoningTotal()).isEqualTo(6);
    }

    @Test
    void counts_that_contradict_each_other_are_refused() {
        assertThatThrownBy(() -> tokens("input=10 cached=6 cache_write=5", ""))
                .hasMessageContaining("expected cached and cache_write to be at most the 10 tokens of the input");
        assertThatThrownBy(() -> tokens("cached=9", "")).hasMessageContaining("at most the 8 tokens");
        assertThatThrownBy(() -> tokens("output=3 reasoning=4", ""))
                .hasMessageContaining("expected at most the 3 tokens of the output, was 4");
    }

    @Test
    void an_answer_has_a_maximum_over_all_its_choices() {
        assertThat(tokens("output=50000", ",\"n\":2").completion()).isEqualTo(100_000);
        assertThatThrownBy(() -> tokens("output=50001", ",\"n\":2"))
                .hasMessageContaining("at most 100000 tokens over all choices");
    }

    private static Tokens tokens(String directive, String more) {
        var body = TestProvider.asking("Say hi", more).getBytes(StandardCharsets.UTF_8);
        var request = ChatRequest.of(Json.object(body));
        return Tokens.of(request.prompt(), request.bounds(), Directive.parse(directive), SENTENCE);
    }
}
