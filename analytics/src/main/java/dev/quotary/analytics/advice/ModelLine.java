package dev.quotary.analytics.advice;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The line that a model belongs to: its name without versions, dates and stages. Providers name models of one class alike through their
 * generations (claude-haiku-4-5 and claude-haiku-5-5, gpt-4.1-mini and gpt-5-mini), and price lines, not versions.
 */
final class ModelLine {
    private static final Set<String> STAGES = Set.of("preview", "latest", "exp");

    private ModelLine() {}

    static String of(String model) {
        return Arrays.stream(model.toLowerCase(Locale.ROOT).split("[-_@:]", -1))
                .filter(part -> !part.isEmpty() && !STAGES.contains(part))
                .filter(part -> part.chars().noneMatch(Character::isDigit))
                .collect(Collectors.joining("-"));
    }
}
