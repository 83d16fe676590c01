package dev.quotary.provider.form;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms: their parts where they lie, and everything refused that could be read in two ways. */
class FormTest {
    private static final String TYPE = "multipart/form-data; boundary=b";
    private static final String MODEL = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n";
    private static final String END = "--b--\r\n";

    @Test
    void parts_are_found_where_they_lie() {
        // Given
        var body = MODEL
                + "--b\r\ncontent-type: audio/mpeg\r\nCONTENT-DISPOSITION: form-data;name=file; filename=\"a b.mp3\"\r\n"
                + "Content-Transfer-Encoding: binary\r\nContent-Length: 7\r\n\r\n\r\n--a\r\n\r\n" + END;
        // When
        var form = Form.read(Optional.of(TYPE), bytes(body));
        // Then
        assertThat(form.wrong()).isEmpty();
        assertThat(form.parts()).extracting(Part::name).containsExactly("model", "file");
        assertThat(form.parts()).extracting(Part::file).containsExactly(false, true);
        assertThat(form.text(form.parts().get(0))).isEqualTo("whisper-1");
        assertThat(form.text(form.parts().get(1))).isEqualTo("\r\n--a\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=\"b\"",
                "Multipart/Form-Data;boundary=b",
                "multipart/form-data ;  boundary=b"
            })
    void boundary_is_read_quoted_or_not(String type) {
        assertThat(Form.read(Optional.of(type), bytes(MODEL + END)).wrong()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/mixed; boundary=b",
                "multipart/form-data; boundary=b; boundary=c",
                "multipart/form-data; boundary=b c",
                "multipart/form-data; boundary=\"b",
                "multipart/form-data; boundary=",
                "application/json"
            })
    void header_without_one_clear_boundary_is_refused(String type) {
        assertThat(Form.read(Optional.of(type), bytes(MODEL + END)).wrong()).isPresent();
        assertThat(Form.read(Optional.empty(), bytes(MODEL + END)).wrong()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b--\r\n",
                "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--\r\n",
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--\r\nepilogue",
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--bc\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
                "--b\r\nContent-Disposition: form-data; name=\"a\"\n\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name*=utf-8''a\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=\"a\\\"b\"\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=\"a\" ; odd=1\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition : form-data; name=\"a\"\r\n\r\nx\r\n--b--"
            })
    void form_that_two_parsers_could_read_differently_is_refused(String body) {
        assertThat(Form.read(Optional.of(TYPE), bytes(body)).wrong()).isPresent();
    }

    @Test
    void parts_and_headers_are_bounded() {
        // Given
        var many = MODEL.repeat(Form.PARTS_MAX + 1) + END;
        var large = "--b\r\nX-Long: " + "x".repeat(5_000)
                + "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--";
        // Then
        assertThat(Form.read(Optional.of(TYPE), bytes(many)).wrong()).isPresent();
        assertThat(Form.read(Optional.of(TYPE), bytes(large)).wrong()).isPresent();
    }

    @Test
    void parts_of_random_bytes_come_out_as_they_went_in() {
        Seeds.forEach(2_000, random -> {
            // Given
            var boundary = "xY".repeat(random.nextInt(1, 30));
            var out = new ByteArrayOutputStream();
            var contents = new ArrayList<String>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                // Bytes that a boundary is made of, so that many stretches look like the beginning of one.
                var content = new StringBuilder();
                random.ints(random.nextInt(200), 0, 6).forEach(c -> content.append("\r\n-xYz".charAt(c)));
                var text = content.toString().replace("\r\n--" + boundary, "");
                contents.add(text);
                out.writeBytes(
                        bytes("--" + boundary + "\r\nContent-Disposition: form-data; name=\"p" + i + "\"\r\n\r\n"));
                out.writeBytes(bytes(text + "\r\n"));
            }
            out.writeBytes(bytes("--" + boundary + "--\r\n"));
            // When
            var form = Form.read(Optional.of("multipart/form-data; boundary=" + boundary), out.toByteArray());
            // Then
            if (form.wrong().isEmpty()) {
                List<String> found = form.parts().stream().map(form::text).toList();
                assertThat(found).isEqualTo(contents);
            }
        });
    }

    @Test
    void damaged_forms_are_answered_and_not_thrown_at() {
        Seeds.forEach(20_000, random -> {
            // Given
            byte[] body = bytes(MODEL + MODEL.replace("model", "file\"; filename=\"x") + END);
            for (int i = random.nextInt(4); i >= 0; i--) {
                body[random.nextInt(body.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : "\r\n-b\":;=".charAt(random.nextInt(8)));
            }
            // When
            var form = Form.read(Optional.of(TYPE), body);
            // Then
            for (Part part : form.parts()) {
                assertThat(part.from()).isBetween(0, part.to());
                assertThat(part.to()).isLessThanOrEqualTo(body.length);
                form.text(part);
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
