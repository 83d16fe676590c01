package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProseTest {
    @Test
    void a_sentence_begins_without_a_space_and_ends_with_a_full_stop() {
        for (int seed = -3; seed < 10; seed++) {
            var prose = new Prose(seed);
            assertThat(prose.text(prose.sentenceTokens())).matches("[A-Z][a-z ,]+\\.");
        }
    }

    @Test
    void tokens_make_up_the_text() {
        // Given
        var prose = new Prose(Integer.MIN_VALUE);

        // When
        var joined =
                String.join("", IntStream.range(0, 200).mapToObj(prose::token).toList());

        // Then
        assertThat(joined).isEqualTo(prose.text(200)).contains(". ");
        assertThat(joined.split(" ", -1)).hasSize(200);
    }

    @Test
    void neighbouring_seeds_begin_differently() {
        assertThat(new Prose(1).text(13)).isNotEqualTo(new Prose(2).text(13));
    }
}
