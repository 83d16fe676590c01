package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.journal.Records;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.testkit.LedgerSamples;
import dev.quotary.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
    /** Written by the program before it knew fees and parts: a priced call of Anthropic, as form 2. */
    private static final String FORM_2 = """
            f5da5f780000016102000000010000000000000001000000000000000200066140ccadb0000000000461636d650100000003616e6e00010000000961
            6e7468726f7069630100000011636c617564652d736f6e6e65742d342d35010000000463686174000000000001000000047465616d00000003726564
            0000000030756540000000000000000100000000000054de000000000000003900000000000055170000000000000000000000150000000000004e20
            00000000000001c800000000000004dc000000000000000500000000000000320000000000000007000000000000002800010000001b616e7468726f
            7069632f636c617564652d736f6e6e65742d342d35000000056261746368000000087374616e64617264010000001e696e7075743d302e3030303030
            33206f75747075743d302e3030303031350000000000000000000000000000000000000000000000077b2261223a317d000000000000006300000000
            00""";

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

    @Test
    void batch_of_the_form_before_fees_is_still_read() throws IOException {
        // Given
        var bytes = HexFormat.of().parseHex(FORM_2.replaceAll("\\s", ""));
        var read = new ArrayList<Draft>();
        // When
        Records.read(bytes, in -> read.addAll(EntryCodec.read(in)));
        // Then
        assertThat(read).hasSize(1);
        var event = read.getFirst().entry().event();
        assertThat(event.metered().tokens())
                .isEqualTo(TokenUsage.builder()
                        .set(Component.INPUT, 21)
                        .set(Component.CACHED_INPUT, 20_000)
                        .set(Component.CACHE_WRITE_5M, 456)
                        .set(Component.CACHE_WRITE_1H, 1244)
                        .set(Component.INPUT_AUDIO, 5)
                        .set(Component.OUTPUT, 50)
                        .set(Component.OUTPUT_AUDIO, 7)
                        .reasoning(40)
                        .build());
        assertThat(event.metered().receipt().orElseThrow().total()).hasToString("0.000813");
        assertThat(event.metered().receipt().orElseThrow().modifiers()).isEmpty();
        assertThat(event.metered().parts()).isEmpty();
        assertThat(event.metadata()).isEqualTo("{\"a\":1}");
        assertThat(event.fingerprint()).isEqualTo(99);
    }

    @Test
    void batch_of_a_newer_form_is_refused() throws IOException {
        // Given
        var bytes = Records.of(out -> out.writeByte(99));
        // When, Then
        assertThatThrownBy(() -> Records.read(bytes, EntryCodec::read))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown form 99");
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
