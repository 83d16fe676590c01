package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds every module of the repository to the budgets: Surefire starts in this module's directory, the others are beside it. */
class TidyTest {
    @Test
    void every_module_keeps_the_budgets() throws IOException {
        // Given
        Path repository = Path.of("..").toRealPath();
        List<Path> modules;
        try (var directories = Files.list(repository)) {
            modules = directories.filter(TidySources::hasSources).sorted().toList();
        }
        // When
        var offences = new ArrayList<String>();
        for (Path module : modules) {
            offences.addAll(TidySources.offences(module));
        }
        // Then
        assertThat(modules).contains(repository.resolve("core"), repository.resolve("testkit"));
        assertThat(offences).isEmpty();
    }
}
