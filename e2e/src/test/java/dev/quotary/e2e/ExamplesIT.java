package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of {@code examples/}, run as their README says. What they show is checked by themselves. */
@Timeout(120)
class ExamplesIT {
    @TempDir
    private static Path folder;

    private static PackagedServer setup;
    private static Quotary server;

    @BeforeAll
    static void start() {
        setup = PackagedServer.in(folder, URI.create("http://127.0.0.1:9"));
        server = setup.serve();
        setup.environment().put("QUOTARY_URL", server.url());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"w-writing-app", "t-chat-app", "g-four-providers", "i-companion-app", "m-metering-platform"})
    void example_runs_to_its_end_against_a_server_that_is_there(String example) {
        // When
        try (var run = Quotary.start(folder, setup.environment(), script(example), List.of())) {
            var ended = run.ended();
            // Then
            assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
        }
    }

    @Test
    void example_needs_nothing_but_itself() {
        // When
        try (var run = Quotary.start(folder, Quotary.environment(), script("w-writing-app"), List.of())) {
            var ended = run.ended();
            // Then
            assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
            assertThat(ended.out()).contains("Your free plan allows 50 per month. You've used 50.");
        }
    }

    @Test
    void every_example_is_told_of_and_tested() throws IOException {
        // Given
        var readme = Files.readString(Quotary.root().resolve("examples/README.md"));
        try (var folders = Files.list(Quotary.root().resolve("examples"))) {
            // When
            var examples = folders.filter(Files::isDirectory)
                    .map(each -> each.getFileName().toString())
                    .toList();
            // Then
            assertThat(examples).hasSize(5);
            assertThat(examples).allMatch(each -> readme.contains("(" + each + "/README.md)"));
        }
    }

    private static Path script(String example) {
        return Quotary.root().resolve("examples").resolve(example).resolve("run");
    }
}
