package dev.quotary.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
    private static final byte[] WORDS = {1, 2, 3};

    @TempDir
    private Path directory;

    @Test
    void appends_to_a_file_with_room_take_the_place_of_its_zeros() throws IOException {
        // Given
        var path = directory.resolve("roomy");
        // When
        try (var file = new Disk().openWithRoom(path, 10)) {
            file.append(WORDS);
            file.append(WORDS, 2);
            file.sync();
        }
        // Then
        assertThat(Files.readAllBytes(path)).containsExactly(1, 2, 3, 1, 2, 0, 0, 0, 0, 0);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_file_with_room_grows_beyond_it() throws IOException {
        // Given
        var path = directory.resolve("roomy");
        // When
        try (var file = new Disk().openWithRoom(path, 4)) {
            file.append(WORDS);
            file.append(WORDS);
        }
        // Then
        assertThat(Files.readAllBytes(path)).containsExactly(1, 2, 3, 1, 2, 3);
    }

    @Test
    void a_file_with_room_may_be_larger_than_what_is_written_of_it_at_once() throws IOException {
        // Given
        int bytes = (1 << 20) + 5;
        // When
        new Disk().openWithRoom(directory.resolve("large"), bytes).close();
        // Then
        assertThat(directory.resolve("large")).hasSize(bytes);
    }
}
