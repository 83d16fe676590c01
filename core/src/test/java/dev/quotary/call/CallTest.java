package dev.quotary.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CallTest {
    @Test
    void keys_are_printable_text_of_bounded_length() {
        // When
        var key = new SubjectKey("Größe 5 / 用户@example.org");
        // Then
        assertThat(key).hasToString("Größe 5 / 用户@example.org");
        assertThat(new OrganizationKey("a".repeat(256)).value()).hasSize(256);
        assertThat(new KeyId("key_1")).hasToString("key_1");
    }

    @Test
    void other_keys_are_refused_and_shown_safely() {
        // When, Then
        for (var text : List.of("", " ", "\t", "a\nb", "a\0", "a".repeat(257), "\u0085")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new SubjectKey(text))
                    .withMessageNotContainingAny("\n", "\0", "a".repeat(41));
            assertThatIllegalArgumentException().isThrownBy(() -> new OrganizationKey(text));
            assertThatIllegalArgumentException().isThrownBy(() -> new KeyId(text));
        }
    }

    @Test
    void keys_have_an_order() {
        // When, Then
        assertThat(new SubjectKey("a")).isLessThan(new SubjectKey("b"));
        assertThat(new OrganizationKey("b")).isGreaterThan(new OrganizationKey("a"));
    }

    @Test
    void dimensions_are_found_by_name() {
        // Given
        var dimensions = new Dimensions("openai", "gpt", "chat", "s1", "w1", Map.of("team", "blue"));
        // When
        var values = List.of("provider", "model", "feature", "session", "workflow", "team").stream()
                .map(dimensions::of)
                .toList();
        // Then
        assertThat(values).containsExactly("openai", "gpt", "chat", "s1", "w1", "blue");
        assertThat(dimensions.of("region")).isNull();
        assertThat(Dimensions.NONE.of("provider")).isNull();
    }

    @Test
    void other_provider_and_model_leave_the_rest() {
        // Given
        var dimensions = new Dimensions("openai", "gpt", "chat", "s1", "w1", Map.of("team", "blue"));
        // When
        var other = dimensions.at("xai", null);
        // Then
        assertThat(other).isEqualTo(new Dimensions("xai", null, "chat", "s1", "w1", Map.of("team", "blue")));
    }

    @Test
    void values_of_dimensions_have_bounds() {
        // Given
        var longest = "v".repeat(Dimensions.LENGTH_MAX);
        var most = new TreeMap<String, String>();
        for (int i = 0; i < Dimensions.OTHERS_MAX; i++) {
            most.put("d" + i, longest);
        }
        // When
        var dimensions = new Dimensions(longest, longest, longest, longest, longest, most);
        // Then
        assertThat(dimensions.others()).hasSize(Dimensions.OTHERS_MAX);
        for (var value : List.of("", longest + "v")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Dimensions.NONE.at(value, null));
            assertThatIllegalArgumentException().isThrownBy(() -> Dimensions.NONE.at(null, value));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Dimensions(null, null, value, null, null, Map.of()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Dimensions(null, null, null, value, null, Map.of()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Dimensions(null, null, null, null, value, Map.of()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Dimensions(null, null, null, null, null, Map.of("team", value)));
        }
        most.put("more", "v");
        assertThatIllegalArgumentException().isThrownBy(() -> new Dimensions(null, null, null, null, null, most));
    }

    @Test
    void later_change_of_the_given_map_changes_nothing() {
        // Given
        var given = new HashMap<>(Map.of("team", "blue"));
        var dimensions = new Dimensions(null, null, null, null, null, given);
        // When
        given.put("team", "red");
        // Then
        assertThat(dimensions.of("team")).isEqualTo("blue");
    }
}
