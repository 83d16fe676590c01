package dev.quotary.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.gateway.ContentCoding.CodingException;
import dev.quotary.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ContentCodingTest {
    private static final byte[] TEXT =
            "{\"model\":\"gpt-4o-mini\",\"text\":\"größer\"}".getBytes(StandardCharsets.UTF_8);
    private static final long MAX = 64L << 20;

    private interface Encoder {
        OutputStream over(OutputStream out) throws IOException;
    }

    private static byte[] encoded(byte[] text, Encoder encoder) {
        var bytes = new ByteArrayOutputStream();
        try (var out = encoder.over(bytes)) {
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] raw(byte[] text) {
        return encoded(text, out -> new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED, true)));
    }

    @Test
    void gzip_and_deflate_with_and_without_its_frame_are_read() throws Exception {
        assertThat(ContentCoding.GZIP.decode(encoded(TEXT, GZIPOutputStream::new), MAX))
                .isEqualTo(TEXT);
        assertThat(ContentCoding.DEFLATE.decode(encoded(TEXT, DeflaterOutputStream::new), MAX))
                .isEqualTo(TEXT);
        assertThat(ContentCoding.DEFLATE.decode(raw(TEXT), MAX)).isEqualTo(TEXT);
    }

    @Test
    void only_what_can_be_read_is_known() {
        assertThat(ContentCoding.of(null)).contains(ContentCoding.IDENTITY);
        assertThat(ContentCoding.of("identity")).contains(ContentCoding.IDENTITY);
        assertThat(ContentCoding.of("GZip")).contains(ContentCoding.GZIP);
        assertThat(ContentCoding.of("x-gzip")).contains(ContentCoding.GZIP);
        assertThat(ContentCoding.of("deflate")).contains(ContentCoding.DEFLATE);
        assertThat(ContentCoding.of("zstd")).isEmpty();
        assertThat(ContentCoding.of("br")).isEmpty();
        assertThat(ContentCoding.of("gzip, gzip")).isEmpty();
    }

    @Test
    void bomb_ends_at_the_bound() {
        // Given: a thousand times longer than its source
        byte[] bomb = encoded(new byte[32 << 20], GZIPOutputStream::new);
        assertThat(bomb.length).isLessThan(64 << 10);
        // When, Then
        assertThatThrownBy(() -> ContentCoding.GZIP.decode(bomb, MAX))
                .isInstanceOfSatisfying(
                        CodingException.class, e -> assertThat(e.tooLarge()).isTrue());
        assertThatThrownBy(() -> ContentCoding.GZIP.decode(encoded(TEXT, GZIPOutputStream::new), TEXT.length - 1))
                .isInstanceOfSatisfying(
                        CodingException.class, e -> assertThat(e.tooLarge()).isTrue());
    }

    @Test
    void what_is_cut_off_or_damaged_is_an_error_and_never_another_text() {
        var coded = encoded(TEXT, GZIPOutputStream::new);
        for (int length = 0; length < coded.length; length++) {
            byte[] cut = Arrays.copyOf(coded, length);
            assertThatThrownBy(() -> ContentCoding.GZIP.decode(cut, MAX)).isInstanceOf(CodingException.class);
        }
        Seeds.forEach(500, random -> {
            byte[] damaged = coded.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(ContentCoding.GZIP.decode(damaged, MAX)).isEqualTo(TEXT);
            } catch (CodingException e) {
                assertThat(e.tooLarge()).isFalse();
            }
        });
    }
}
