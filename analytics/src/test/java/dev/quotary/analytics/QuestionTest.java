package dev.quotary.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.call.OrganizationKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuestionTest {
    private static final Range NOVEMBER =
            new Range(Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-12-01T00:00:00Z"));
    private static final Question COST = Question.of(new OrganizationKey("acme"), NOVEMBER, List.of(Measure.COST));

    @Test
    void question_without_measures_is_refused() {
        assertThatThrownBy(() -> Question.of(new OrganizationKey("acme"), NOVEMBER, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected 1..32 measures, was 0");
    }

    @Test
    void dimension_that_is_named_twice_is_refused() {
        assertThatThrownBy(() -> COST.by(List.of(BuiltIn.MODEL, BuiltIn.MODEL), 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected different dimensions to group by, was [model, model]");
    }

    @Test
    void answer_of_too_many_cells_is_refused() {
        // Given
        var byHour = COST.by(Granularity.HOUR, ZoneOffset.UTC);

        // When
        var most = byHour.by(List.of(BuiltIn.SUBJECT), 276);

        // Then
        assertThat(most.top()).isEqualTo(276);
        assertThatThrownBy(() -> byHour.by(List.of(BuiltIn.SUBJECT), 277))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected at most 200000 buckets times groups, was 200160");
    }

    @Test
    void names_of_built_in_dimensions_are_taken() {
        assertThat(Dimension.ofKey("api_key")).isEqualTo(BuiltIn.API_KEY);
        assertThat(Dimension.ofKey("team")).isEqualTo(new Dimension.Declared("team"));
    }

    @Test
    void condition_is_met_by_a_value_a_prefix_or_none() {
        // Given
        var condition = new Condition(BuiltIn.MODEL, List.of("gpt-4*", "o3", ""));

        // When / Then
        assertThat(List.of("gpt-4", "gpt-4o", "o3", "", "o3-mini", "gpt-5"))
                .filteredOn(condition::matches)
                .containsExactly("gpt-4", "gpt-4o", "o3", "");
    }

    @Test
    void every_measure_is_found_by_its_key() {
        for (var measure : Measure.values()) {
            assertThat(Measure.ofKey(measure.key())).contains(measure);
        }
    }
}
