package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TidySourcesTest {
    @TempDir
    private Path module;

    @Test
    void small_file_without_markers_is_tidy() throws IOException {
        // Given
        write("src/main/java", "record Wide(int a, int b, int c, int d, int e, int f) { Wide { assert a > 0; } }");
        // When
        var offences = TidySources.offences(module);
        // Then
        assertThat(offences).isEmpty();
    }

    @Test
    void long_file_is_named() throws IOException {
        // Given
        write("src/main/java", "class Sample {" + "\n".repeat(501) + "}");
        // When
        var offences = TidySources.offences(module);
        // Then
        assertThat(offences).singleElement().asString().endsWith("Sample.java: 502 lines, at most 500");
    }

    @Test
    void long_method_is_named() throws IOException {
        // Given
        write("src/main/java", "class Sample {\n void run() {" + "\n".repeat(60) + "} }");
        // When
        var offences = TidySources.offences(module);
        // Then
        assertThat(offences).singleElement().asString().endsWith("Sample.java:2: run has 61 lines, at most 60");
    }

    @Test
    void sixth_parameter_is_named_in_tests_too() throws IOException {
        // Given
        write("src/test/java", "class Sample { void run(int a, int b, int c, int d, int e, int f) {} }");
        // When
        var offences = TidySources.offences(module);
        // Then
        assertThat(offences).singleElement().asString().endsWith("Sample.java:1: run has 6 parameters, at most 5");
    }

    @Test
    void leftover_marker_is_named() throws IOException {
        // Given
        write("src/main/java", "// TO" + "DO: later\nclass Sample {} // FIX" + "ME");
        // When
        var offences = TidySources.offences(module);
        // Then
        assertThat(offences).hasSize(2).allMatch(offence -> offence.endsWith("leftover marker"));
    }

    @Test
    void directory_without_sources_is_no_module() {
        // When
        boolean found = TidySources.hasSources(module);
        // Then
        assertThat(found).isFalse();
    }

    private void write(String root, String text) throws IOException {
        Path directory = Files.createDirectories(module.resolve(root));
        Files.writeString(directory.resolve("Sample.java"), text);
    }
}
