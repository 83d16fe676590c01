package dev.quotary.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsentLogTest {
    @TempDir
    private Path directory;

    private final Heard heard = new Heard();

    private Path file() {
        return directory.resolve("unsent.log");
    }

    private Map<Long, String> reopened() throws IOException {
        try (var log = UnsentLog.open(directory, heard)) {
            return log.live();
        }
    }

    @Test
    void what_is_not_done_with_is_there_the_next_time() throws IOException {
        // Given
        try (var log = UnsentLog.open(directory, heard)) {
            log.put(1, "{\"a\":1}");
            log.put(2, "{\"a\":\"\u00e4\"}");
            log.put(3, "{\"a\":3}");
            log.done(2);
        }
        // Then
        assertThat(reopened()).containsExactly(Map.entry(1L, "{\"a\":1}"), Map.entry(3L, "{\"a\":3}"));
        assertThat(reopened()).containsOnlyKeys(1L, 3L);
        assertThat(heard.nothing()).isTrue();
    }

    @Test
    void file_is_empty_once_nothing_is_left_and_never_much_larger_than_what_is() throws IOException {
        try (var log = UnsentLog.open(directory, heard)) {
            // When
            log.put(1, "x".repeat(1000));
            for (long number = 2; number < 5_000; number++) {
                log.put(number, "y".repeat(1000));
                log.done(number);
            }
            // Then
            assertThat(Files.size(file())).isLessThan((1 << 20) + 2_000);
            log.done(1);
            assertThat(file()).isEmptyFile();
        }
        assertThat(reopened()).isEmpty();
    }

    @Test
    void broken_line_costs_that_line_alone_and_is_set_aside() throws IOException {
        // Given
        try (var log = UnsentLog.open(directory, heard)) {
            log.put(1, "{\"a\":1}");
            log.put(2, "{\"a\":2}");
            log.put(3, "{\"a\":3}");
        }
        var bytes = Files.readAllBytes(file());
        int second = new String(bytes, StandardCharsets.UTF_8).indexOf("{\"a\":2}");
        bytes[second + 1] ^= 0x01;
        Files.write(file(), bytes);
        Files.write(file(), new byte[] {'P', ' ', (byte) 0xff, 0, '\n'}, StandardOpenOption.APPEND);
        Files.writeString(file(), "P 4 0000", StandardOpenOption.APPEND);
        // When
        var left = reopened();
        // Then
        assertThat(left).containsExactly(Map.entry(1L, "{\"a\":1}"), Map.entry(3L, "{\"a\":3}"));
        assertThat(heard.next()).isEqualTo("damaged 3");
        assertThat(Files.readAllLines(directory.resolve("unsent.damaged"))).hasSize(3);
        assertThat(reopened()).containsOnlyKeys(1L, 3L);
        assertThat(heard.nothing()).isTrue();
    }

    @Test
    void caller_that_is_interrupted_closes_the_file_for_nobody() throws IOException {
        // Given
        try (var log = UnsentLog.open(directory, heard)) {
            // When
            Thread.currentThread().interrupt();
            log.put(1, "{\"a\":1}");
            boolean interrupted = Thread.interrupted();
            log.put(2, "{\"a\":2}");
            // Then
            assertThat(interrupted).isTrue();
        }
        assertThat(reopened()).containsOnlyKeys(1L, 2L);
    }

    @Test
    void file_of_anything_else_is_set_aside() throws IOException {
        // Given
        Files.write(file(), new byte[] {1, 2, 3, 0, -1, '\n', 'D', ' ', '9', '\n'});
        // When
        var left = reopened();
        // Then
        assertThat(left).isEmpty();
        assertThat(heard.next()).isEqualTo("damaged 2");
    }

    @Test
    void directory_is_one_clients_at_a_time() throws IOException {
        try (var log = UnsentLog.open(directory, heard)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> UnsentLog.open(directory, heard))
                    .withMessageContaining("another client");
            log.put(1, "{}");
        }
        assertThat(reopened()).containsOnlyKeys(1L);
    }

    @Test
    void file_can_be_read_by_its_owner_alone() throws IOException {
        reopened();
        assertThat(Files.getPosixFilePermissions(file()).toString()).isEqualTo("[OWNER_READ, OWNER_WRITE]");
    }
}
