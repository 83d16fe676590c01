package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void same_seeds_give_the_same_runs() {
        // Given
        var first = draws();
        // When
        var second = draws();
        // Then
        assertThat(second).isNotEmpty().isEqualTo(first);
    }

    @Test
    void failure_names_the_seed_that_repeats_it() {
        // Given
        var cause = new IllegalStateException("broken");
        // When, Then
        assertThatThrownBy(() -> Seeds.forEach(3, _ -> {
                    throw cause;
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("repeat with -Dquotary.seed=" + Long.getLong("quotary.seed", 1))
                .hasCause(cause);
    }

    private static List<Long> draws() {
        var draws = new ArrayList<Long>();
        Seeds.forEach(10, random -> draws.add(random.nextLong()));
        return draws;
    }
}
