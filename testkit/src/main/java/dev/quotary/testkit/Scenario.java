package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A text script: each line is one step and, behind an arrow, the answer expected of it. What follows {@code #} is for the reader.
 *
 * <pre>
 * limit    tokens/day  100
 * reserve  r1  tokens/day 60  -> granted
 * reserve  r2  tokens/day 60  -> denied tokens/day
 * </pre>
 *
 * <p>A script says nothing about who plays it: a {@link LimiterPlayer} does against any limiter, an {@link AdmissionPlayer} against the
 * engine over it; one for the HTTP API would take the same steps.
 */
public final class Scenario {
    /** The scripts that every limiter plays, as files in {@code /scenarios}. */
    public static final List<String> NAMES =
            List.of("denials", "repeats", "extensions", "expiry", "windows", "scopes", "levels", "in-flight");

    /** The scripts that the engine plays over every limiter, as files in the same place. */
    public static final List<String> OF_ADMISSION =
            List.of("sliding", "burst", "throttle", "grace", "overage", "shadow", "queue", "overrides", "resets");

    private static final String ARROW = "->";

    /** Takes one step after the other. */
    public interface Player {
        /** The answer to a step, given as its words; empty for a step that has none, such as {@code advance}. */
        String play(List<String> words);
    }

    private final String name;
    private final List<String> lines;

    private Scenario(String name, List<String> lines) {
        this.name = name;
        this.lines = lines;
    }

    /** A script of these lines; the name is shown when it fails. */
    public static Scenario of(String name, List<String> lines) {
        return new Scenario(name, List.copyOf(lines));
    }

    /** A script of {@link #NAMES} or {@link #OF_ADMISSION}. */
    public static Scenario named(String name) {
        try (var script = Scenario.class.getResourceAsStream("/scenarios/" + name + ".scenario")) {
            if (script == null) {
                throw new IllegalArgumentException("no scenario named " + name);
            }
            return of(
                    name,
                    new String(script.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("read the scenario " + name, e);
        }
    }

    /**
     * Takes every step and compares its answer.
     *
     * @throws AssertionError at the first other answer, with its line
     */
    public void play(Player player) {
        for (int i = 0; i < lines.size(); i++) {
            var step = words(lines.get(i));
            if (!step.isEmpty()) {
                int arrow = step.indexOf(ARROW);
                var action = arrow < 0 ? step : step.subList(0, arrow);
                var expected = arrow < 0 ? List.<String>of() : step.subList(arrow + 1, step.size());
                assertThat(player.play(action))
                        .describedAs("%s, line %d: %s", name, i + 1, String.join(" ", action))
                        .isEqualTo(String.join(" ", expected));
            }
        }
    }

    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        for (var word : line.replaceFirst("#.*", "").strip().split("\\s+", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }
}
