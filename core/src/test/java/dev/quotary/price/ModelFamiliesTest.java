package dev.quotary.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ModelFamiliesTest {
    private static ModelFamilies families(String lines) {
        return ModelFamilies.of(CsvTable.parse("t", "provider,alias,model,source\n" + lines, ModelFamilies.COLUMNS));
    }

    @Test
    void own_name_comes_first_then_alias_then_family() {
        // Given
        var families = families("p,m,m-0,\np,m-2026-01-31,m-special,\n");

        // Then
        assertThat(families.namesOf("p", "m-2026-01-31")).containsExactly("m-2026-01-31", "m-special", "m", "m-0");
        assertThat(families.namesOf("q", "m-2026-01-31")).containsExactly("m-2026-01-31", "m");
        assertThat(families.namesOf("p", "x")).containsExactly("x");
    }

    @Test
    void dated_preview_may_be_listed_as_preview_or_as_model() {
        assertThat(ModelFamilies.WITHOUT_ALIASES.namesOf("p", "m-preview-05-06"))
                .containsExactly("m-preview-05-06", "m-preview", "m");
        assertThat(ModelFamilies.WITHOUT_ALIASES.namesOf("p", "m-preview")).containsExactly("m-preview");
        assertThat(ModelFamilies.WITHOUT_ALIASES.namesOf("p", "m-05-06")).containsExactly("m-05-06");
    }

    @Test
    void alias_that_stands_there_twice_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> families("p,m,a,\np,m,b,\n"))
                .withMessageStartingWith("t line 3");
    }
}
