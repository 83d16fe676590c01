package dev.quotary.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InputRatiosTest {
    private final InputRatios ratios = new InputRatios();

    @Test
    void few_calls_are_not_believed() {
        // Given
        learn("m", 1_000, 250, InputRatios.CALLS_MIN - 1);
        var before = ratios.likely("p", "m", 1_000);
        // When
        learn("m", 1_000, 250, 1);
        // Then
        assertThat(before).isEmpty();
        assertThat(ratios.likely("p", "m", 1_000)).hasValue(252);
    }

    @Test
    void call_in_the_middle_decides_and_sizes_and_models_are_apart() {
        // Given
        learn("m", 1_000, 300, 30);
        learn("m", 1_000, 900, 29);
        learn("m", 10_000, 5_000, 30);
        learn("other", 1_000, 700, 30);
        // When / Then
        assertThat(ratios.likely("p", "m", 2_000)).hasValue(605);
        assertThat(ratios.likely("p", "m", 20_000)).hasValue(10_050);
        assertThat(ratios.likely("p", "other", 1_000)).hasValue(702);
        assertThat(ratios.likely("q", "m", 2_000)).isEmpty();
    }

    @Test
    void model_that_changed_is_known_anew() {
        // Given
        learn("m", 1_000, 300, 5_000);
        // When
        learn("m", 1_000, 390, 2 * InputRatios.CALLS_MAX);
        // Then
        assertThat(ratios.likely("p", "m", 1_000)).hasValue(392);
    }

    @Test
    void count_that_no_text_has_is_not_learnt() {
        // Given
        learn("m", 1_000, 1_001, 50);
        learn("m", 1_000, 0, 50);
        learn("m", 10, 5, 50);
        // When / Then
        assertThat(ratios.likely("p", "m", 1_000)).isEmpty();
    }

    @Test
    void invented_names_do_not_fill_the_memory() {
        // Given
        for (int i = 0; i < 5 * InputRatios.MODELS_MAX; i++) {
            learn("m" + i, 1_000, 250, 1);
        }
        // When
        learn("m", 1_000, 250, InputRatios.CALLS_MIN);
        // Then
        assertThat(ratios.likely("p", "m", 1_000)).hasValue(252);
        assertThat(ratios.models()).isLessThanOrEqualTo(InputRatios.MODELS_MAX);
    }

    private void learn(String model, long bytes, long tokens, int calls) {
        for (int i = 0; i < calls; i++) {
            ratios.learn("p", model, bytes, tokens);
        }
    }
}
