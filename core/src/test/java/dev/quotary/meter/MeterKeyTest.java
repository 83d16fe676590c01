package dev.quotary.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MeterKeyTest {
    @Test
    void built_in_meters_are_known_by_name() {
        // Given
        var names = List.of("requests", "tokens", "tokens.input", "tokens.output", "cost");
        // When
        var keys = names.stream().map(MeterKey::new).toList();
        // Then
        assertThat(keys)
                .containsExactly(
                        MeterKey.REQUESTS,
                        MeterKey.TOKENS,
                        MeterKey.TOKENS_INPUT,
                        MeterKey.TOKENS_OUTPUT,
                        MeterKey.COST)
                .allMatch(MeterKey::builtIn);
        assertThat(new MeterKey("kb_file").builtIn()).isFalse();
    }

    @Test
    void lower_case_words_with_dots_are_keys() {
        // When
        var keys = Stream.of("a", "kb_file", "a1.b2.c_3", "a".repeat(64))
                .map(MeterKey::new)
                .toList();
        // Then
        assertThat(keys).doesNotHaveDuplicates().hasSize(4);
        assertThat(keys.get(2)).hasToString("a1.b2.c_3");
    }

    @Test
    void anything_else_is_refused() {
        // When, Then
        for (var text : List.of(
                "",
                "A",
                "1a",
                "_a",
                "a-b",
                "a b",
                "a.",
                ".a",
                "a..b",
                "a.1",
                "ä",
                "a\n",
                "a".repeat(65),
                "a.".repeat(40))) {
            assertThatIllegalArgumentException().describedAs(text).isThrownBy(() -> new MeterKey(text));
        }
    }

    @Test
    void order_is_by_name() {
        // When, Then
        assertThat(MeterKey.COST).isLessThan(MeterKey.REQUESTS);
        assertThat(MeterKey.TOKENS).isLessThan(MeterKey.TOKENS_INPUT).isEqualByComparingTo(new MeterKey("tokens"));
    }
}
