package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.journal.Disk;
import dev.quotary.journal.JournalFile;
import dev.quotary.journal.Records;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeLogTest {
    @TempDir
    private Path directory;

    private Path database() {
        return directory.resolve("quotary.db");
    }

    private IntakeLog log(JournalFile.Opener files) {
        return new IntakeLog(database(), files, Runnable::run);
    }

    private static Records record(int value) throws IOException {
        return new Records().add(out -> out.writeInt(value));
    }

    /** As {@link #record}, and as much as makes the log want room. */
    private static Records large(int value) throws IOException {
        return new Records().add(out -> {
            out.writeInt(value);
            out.write(new byte[IntakeLog.ROOM_FROM_BYTES]);
        });
    }

    private List<Integer> left() throws IOException {
        var values = new ArrayList<Integer>();
        for (var segment : IntakeLog.leftBehind(database())) {
            Records.read(Files.readAllBytes(segment), in -> {
                values.add(in.readInt());
                in.readAllBytes();
            });
        }
        return values;
    }

    @Test
    void goes_on_in_a_file_with_room_as_soon_as_there_is_one() throws IOException {
        // Given
        try (var log = log(new Disk())) {
            // When
            long first = log.append(large(1));
            long second = log.append(record(2));
            long third = log.append(record(3));
            // Then
            assertThat(List.of(first, second, third)).containsExactly(1L, 2L, 2L);
            assertThat(left()).containsExactly(1, 2, 3);
            assertThat(directory.resolve("quotary.db-intake-1")).hasSize(large(1).size());
            assertThat(directory.resolve("quotary.db-intake-2")).hasSize(IntakeLog.SEGMENT_BYTES);
        }
        assertThat(directory.resolve("quotary.db-intake-next")).doesNotExist();
        assertThat(left()).containsExactly(1, 2, 3);
    }

    @Test
    void a_log_with_little_in_it_makes_no_room() throws IOException {
        // Given
        try (var log = log(new Disk())) {
            // When
            long first = log.append(record(1));
            long second = log.append(record(2));
            // Then
            assertThat(List.of(first, second)).containsExactly(1L, 1L);
            assertThat(directory).isDirectoryNotContaining("glob:**-next");
        }
    }

    @Test
    void what_is_behind_the_last_whole_record_of_a_file_with_room_is_not_read() throws IOException {
        // Given
        try (var log = log(new Disk())) {
            log.append(large(1));
            for (int i = 2; i <= 4; i++) {
                log.append(record(i));
            }
        }
        // When
        try (var segment =
                new RandomAccessFile(directory.resolve("quotary.db-intake-2").toFile(), "rw")) {
            segment.seek(3L * record(4).size() - 1);
            segment.write(5);
        }
        // Then
        assertThat(left()).containsExactly(1, 2, 3);
    }

    @Test
    void goes_on_in_a_file_that_grows_where_no_room_can_be_made() throws IOException {
        // Given
        var files = new JournalFile.Opener() {
            @Override
            public JournalFile open(Path path) throws IOException {
                return new JournalFile.OnDisk(path);
            }

            @Override
            public JournalFile openWithRoom(Path path, int bytes) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        try (var log = log(files)) {
            // When
            long first = log.append(large(1));
            long second = log.append(record(2));
            // Then
            assertThat(List.of(first, second)).containsExactly(1L, 1L);
            assertThat(left()).containsExactly(1, 2);
        }
    }

    @Test
    void a_file_with_room_that_a_killed_run_left_is_made_anew() throws IOException {
        // Given
        Files.writeString(directory.resolve("quotary.db-intake-next"), "left by a killed run");
        try (var log = log(new Disk())) {
            // When
            log.append(large(1));
            log.append(record(2));
            // Then
            assertThat(left()).containsExactly(1, 2);
        }
    }

    @Test
    void begins_another_segment_when_one_is_full() throws IOException {
        // Given
        var largest = new Records().add(out -> out.write(new byte[Records.CONTENT_BYTES_MAX]));
        try (var log = log(new Disk())) {
            log.append(large(1));
            // When
            long last = 0;
            for (int i = 0; i < 17; i++) {
                last = log.append(largest);
            }
            // Then
            assertThat(last).isEqualTo(3);
            assertThat(directory.resolve("quotary.db-intake-3")).hasSize(IntakeLog.SEGMENT_BYTES);
        }
    }
}
