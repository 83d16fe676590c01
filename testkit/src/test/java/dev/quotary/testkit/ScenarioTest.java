package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    @Test
    void every_script_of_the_directory_is_played() throws IOException {
        // Given
        List<String> files;
        try (var scripts = Files.list(Path.of("src/main/resources/scenarios"))) {
            files = scripts.map(script -> script.getFileName().toString()).toList();
        }
        // When
        var played = Stream.concat(Scenario.NAMES.stream(), Scenario.OF_ADMISSION.stream())
                .map(name -> name + ".scenario")
                .toList();
        // Then
        assertThat(played).containsExactlyInAnyOrderElementsOf(files);
    }

    @Test
    void steps_reach_the_player_as_words_without_remarks() {
        // Given
        var steps = new ArrayList<List<String>>();
        var scenario = Scenario.of("sample", List.of("# remark", "", "  limit  a 1 # more", "used a -> 7  # seven"));
        // When
        scenario.play(words -> {
            steps.add(words);
            return words.getFirst().equals("used") ? "7" : "";
        });
        // Then
        assertThat(steps).containsExactly(List.of("limit", "a", "1"), List.of("used", "a"));
    }

    @Test
    void other_answer_fails_with_the_line() {
        // Given
        var scenario = Scenario.of("sample", List.of("", "used a -> 7"));
        // When, Then
        assertThatThrownBy(() -> scenario.play(_ -> "8"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("sample, line 2: used a");
    }

    @Test
    void forgotten_answer_fails() {
        // Given
        var scenario = Scenario.of("sample", List.of("used a"));
        // When, Then
        assertThatThrownBy(() -> scenario.play(_ -> "8")).isInstanceOf(AssertionError.class);
    }

    @Test
    void unknown_script_is_refused() {
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> Scenario.named("nowhere"));
    }

    @Test
    void unknown_step_limit_and_unit_are_refused() {
        // Given
        var player = new LimiterPlayer(new LimiterModel());
        player.play(List.of("limit", "tokens/day/subject", "5"));
        // When, Then
        for (var words : List.of(
                List.of("jump", "r1"),
                List.of("used", "tokens/minute"),
                List.of("used", "tokens/day/subject"),
                List.of("advance", "60"))) {
            assertThatIllegalArgumentException().describedAs("%s", words).isThrownBy(() -> player.play(words));
        }
    }
}
