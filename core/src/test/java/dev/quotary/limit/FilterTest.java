package dev.quotary.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quotary.call.Dimensions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FilterTest {
    private static final Dimensions CALL =
            new Dimensions("openai", "gpt-5-mini", "chat", null, null, Map.of("team", "blue"));

    @Test
    void value_matches_itself_alone() {
        // When, Then
        assertThat(matches("provider", "openai")).isTrue();
        assertThat(matches("provider", "openai2")).isFalse();
        assertThat(matches("provider", "open")).isFalse();
        assertThat(matches("provider", "OpenAI")).isFalse();
        assertThat(matches("team", "blue")).isTrue();
    }

    @Test
    void beginning_and_star_match_everything_that_begins_so() {
        // When, Then
        assertThat(matches("model", "gpt-5*")).isTrue();
        assertThat(matches("model", "gpt-5-mini*")).isTrue();
        assertThat(matches("model", "*")).isTrue();
        assertThat(matches("model", "gpt-4*")).isFalse();
        assertThat(matches("model", "gpt-5-mini2*")).isFalse();
    }

    @Test
    void absent_dimension_matches_nothing() {
        // When, Then
        assertThat(matches("session", "*")).isFalse();
        assertThat(matches("region", "eu")).isFalse();
    }

    @Test
    void every_pattern_must_match() {
        // When, Then
        assertThat(new Filter(Map.of("provider", "openai", "team", "blue")).matches(CALL))
                .isTrue();
        assertThat(new Filter(Map.of("provider", "openai", "team", "red")).matches(CALL))
                .isFalse();
        assertThat(Filter.ALL.matches(CALL)).isTrue();
        assertThat(Filter.ALL.matches(Dimensions.NONE)).isTrue();
    }

    @Test
    void star_elsewhere_and_nothing_are_no_patterns() {
        // When, Then
        for (var pattern : List.of("", "*5", "gpt*mini", "**")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Filter(Map.of("model", pattern)))
                    .withMessageContaining("model")
                    .withMessageContaining("'" + pattern + "'");
        }
    }

    @Test
    void text_is_stable_and_tells_filters_apart() {
        // Given
        var filters = List.of(
                Filter.ALL,
                new Filter(Map.of("a", "b")),
                new Filter(Map.of("a", "b", "c", "d")),
                new Filter(Map.of("a", "b c=d")),
                new Filter(Map.of("a", "b%20c=d")),
                new Filter(Map.of("a=b", "c")),
                new Filter(Map.of("a", "b=c")),
                new Filter(Map.of("a", "b|c")));
        // When
        var texts = filters.stream().map(Filter::text).toList();
        // Then
        assertThat(texts).doesNotHaveDuplicates().noneMatch(text -> text.contains("|"));
        assertThat(texts.subList(0, 3)).containsExactly("", "a=b", "a=b c=d");
    }

    private static boolean matches(String dimension, String pattern) {
        return new Filter(Map.of(dimension, pattern)).matches(CALL);
    }
}
