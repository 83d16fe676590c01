package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.journal.Records;
import dev.quotary.testkit.LedgerSamples;
import dev.quotary.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
    @Test
    void batch_is_read_as_it_was_written() {
        Seeds.forEach(50, random -> {
            // Given
            var samples = new LedgerSamples(random);
            var batch = new ArrayList<Draft>();
            for (int i = 0; i < 10; i++) {
                batch.add(Draft.of(samples.entry()));
            }
            // When
            var read = written(batch);
            // Then
            assertThat(read).isEqualTo(batch);
        });
    }

    private static List<Draft> written(List<Draft> batch) {
        var read = new ArrayList<Draft>();
        try {
            Records.read(Records.of(out -> EntryCodec.write(batch, out)), in -> read.addAll(EntryCodec.read(in)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return read;
    }
}
