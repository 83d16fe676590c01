package dev.quotary.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.server.command.ExportFile.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportFileTest {
    private static final String HEAD = "id,model\r\n";
    private static final String ONE = "evt_1,gpt\r\n";
    private static final String TWO = "evt_2,\"a \"\"b\"\",\r\nc\"\r\n";

    @TempDir
    private Path directory;

    private Path path() {
        return directory.resolve("export");
    }

    private static void write(ExportFile file, String text) throws IOException {
        file.write(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), _ -> {});
    }

    @Test
    void whole_file_counts_its_events() throws IOException {
        try (var file = ExportFile.open(path(), Kind.CSV, false)) {
            // When
            write(file, HEAD + ONE + TWO);
            // Then
            assertThat(file.events()).isEqualTo(2);
            assertThat(file.place()).contains("evt_2");
        }
        assertThat(path()).hasContent(HEAD + ONE + TWO);
    }

    @Test
    void line_that_is_not_whole_is_taken_off_at_every_break() throws IOException {
        var whole = HEAD + ONE + TWO;
        for (int at = 0; at <= whole.length(); at++) {
            // Given
            Files.writeString(path(), whole.substring(0, at));
            // When
            try (var file = ExportFile.open(path(), Kind.CSV, true)) {
                var place = file.place();
                if (place.isEmpty()) {
                    write(file, whole);
                } else {
                    write(file, place.get().equals("evt_1") ? TWO : "");
                }
                // Then
                assertThat(file.events()).as("break at " + at).isEqualTo(2);
            }
            assertThat(Files.readString(path())).as("break at " + at).isEqualTo(whole);
        }
    }

    @Test
    void json_lines_end_where_a_line_ends() throws IOException {
        // Given
        Files.writeString(path(), "{\"id\":\"evt_1\",\"model\":\"\\\"\"}\n{\"id\":\"ev");
        // When
        try (var file = ExportFile.open(path(), Kind.JSONL, true)) {
            // Then
            assertThat(file.place()).contains("evt_1");
            write(file, "{\"id\":\"evt_2\"}\n");
            assertThat(file.events()).isEqualTo(2);
        }
        assertThat(Files.readString(path())).isEqualTo("{\"id\":\"evt_1\",\"model\":\"\\\"\"}\n{\"id\":\"evt_2\"}\n");
    }

    @Test
    void last_hour_of_a_focus_file_comes_again() throws IOException {
        // Given
        var head = "a,b,c,d,e,f,g,h,i,ChargePeriodStart\r\n";
        var ten = "1,2,3,4,5,6,7,8,\"9,9\",10:00,x\r\n";
        var eleven = "1,2,3,4,5,6,7,8,9,11:00,x\r\n";
        Files.writeString(path(), head + ten + ten + eleven + eleven.substring(0, 9));
        // When
        try (var file = ExportFile.open(path(), Kind.FOCUS, true)) {
            // Then
            assertThat(file.place()).contains("11:00");
            write(file, head + eleven + eleven);
            assertThat(file.events()).isEqualTo(4);
        }
        assertThat(Files.readString(path())).isEqualTo(head + ten + ten + eleven + eleven);
    }
}
