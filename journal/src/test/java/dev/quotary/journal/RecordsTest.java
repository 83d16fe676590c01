package dev.quotary.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordsTest {
    private static final List<String> TEXTS = List.of("one", "", "three and four");

    @Test
    void records_cut_at_any_byte_are_read_as_far_as_they_are_whole() throws IOException {
        byte[] all = records();
        for (int size = 0; size <= all.length; size++) {
            // Given
            byte[] cut = Arrays.copyOf(all, size);
            var read = new ArrayList<String>();
            // When
            int good = Records.read(cut, in -> read.add(in.readUTF()));
            // Then
            assertThat(read).isEqualTo(TEXTS.subList(0, read.size()));
            assertThat(good).isEqualTo(records(read).length);
            assertThat(records(TEXTS.subList(0, Math.min(TEXTS.size(), read.size() + 1))).length)
                    .isGreaterThanOrEqualTo(size == all.length ? size : size + 1);
        }
    }

    @Test
    void changed_byte_ends_the_reading_before_its_record() throws IOException {
        byte[] all = records();
        for (int at = 0; at < all.length; at++) {
            // Given
            byte[] changed = all.clone();
            changed[at] ^= 0x10;
            var read = new ArrayList<String>();
            // When
            int good = Records.read(changed, in -> read.add(in.readUTF()));
            // Then
            assertThat(good).isLessThanOrEqualTo(at);
            assertThat(read).isEqualTo(TEXTS.subList(0, read.size()));
        }
    }

    @Test
    void record_that_its_reader_does_not_read_to_its_end_is_an_error() throws IOException {
        // Given
        byte[] record = Records.of(out -> out.writeLong(1));
        // When, Then
        assertThatThrownBy(() -> Records.read(record, in -> in.readInt()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("longer than expected");
    }

    @Test
    void record_with_an_impossible_value_is_an_error() throws IOException {
        // Given
        byte[] record = Records.of(out -> out.writeLong(1));
        // When, Then
        assertThatThrownBy(() -> Records.read(record, _ -> {
                    throw new IllegalArgumentException("of a newer version");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("impossible value");
    }

    @Test
    void content_beyond_the_bound_is_refused() {
        // Given
        byte[] large = new byte[Records.CONTENT_BYTES_MAX + 1];
        // When, Then
        assertThatThrownBy(() -> Records.of(out -> out.write(large)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("larger than " + Records.CONTENT_BYTES_MAX);
    }

    private static byte[] records() throws IOException {
        return records(TEXTS);
    }

    private static byte[] records(List<String> texts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var text : texts) {
            bytes.writeBytes(Records.of(out -> out.writeUTF(text)));
        }
        return bytes.toByteArray();
    }
}
