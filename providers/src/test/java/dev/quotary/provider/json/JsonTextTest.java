package dev.quotary.provider.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quotary.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "a \\\"quoted\\\" word",
                "tab\\t, line\\n, slash\\/, back\\\\",
                "\\\\\\\\",
                "caf\\u00e9 and café",
                "\\u4e2d\\u6587",
                "\\ud83d\\ude00 and 😀",
                "\\u0000\\u001f"
            })
    void decodes_what_a_parser_decodes(String literal) throws IOException {
        // Given
        byte[] json = ("\"" + literal + "\", and more \"").getBytes(StandardCharsets.UTF_8);
        String expected = new ObjectMapper().readValue("\"" + literal + "\"", String.class);

        // When
        int end = JsonText.end(json, 1, json.length);

        // Then
        assertThat(new String(json, 1, end - 1, StandardCharsets.UTF_8)).isEqualTo(literal);
        assertThat(decoded(json, 1, end)).isEqualTo(expected);
        assertThat(JsonText.decodedBytes(json, 1, json.length))
                .isEqualTo(expected.getBytes(StandardCharsets.UTF_8).length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\ude00", "\\ud83dx", "\\ud83d\\ud83d", "\\uzzzz"})
    void broken_escapes_count_as_replacement_characters(String literal) {
        // Given
        byte[] json = literal.getBytes(StandardCharsets.UTF_8);

        // When
        String text = decoded(json, 0, json.length);

        // Then
        assertThat(text).startsWith("\uFFFD");
        assertThat(JsonText.decodedBytes(json, 0, json.length)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void literal_without_its_closing_quote_ends_with_the_bytes() {
        // Given
        byte[] json = "no end\\".getBytes(StandardCharsets.UTF_8);

        // When
        int end = JsonText.end(json, 0, json.length);

        // Then
        assertThat(end).isEqualTo(json.length);
        assertThat(JsonText.decodedBytes(json, 0, json.length)).isBetween(6, 7);
        assertThat(decoded(json, 0, json.length)).startsWith("no end");
    }

    @Test
    void random_bytes_never_lead_outside_the_array() {
        byte[] alphabet = "\\\\\\u\"dD8e0nx中".getBytes(StandardCharsets.UTF_8);
        Seeds.forEach(5_000, random -> {
            // Given
            byte[] json = new byte[random.nextInt(30)];
            for (int i = 0; i < json.length; i++) {
                json[i] = alphabet[random.nextInt(alphabet.length)];
            }

            // When
            int end = JsonText.end(json, 0, json.length);

            // Then
            assertThat(end).isBetween(0, json.length);
            assertThat(JsonText.decodedBytes(json, 0, json.length)).isBetween(0, json.length);
            assertThat(decoded(json, 0, end).length()).isLessThanOrEqualTo(json.length);
        });
    }

    private static String decoded(byte[] json, int from, int to) {
        var text = new ByteBuilder();
        JsonText.decode(json, from, to, text);
        return new String(text.array(), 0, text.size(), StandardCharsets.UTF_8);
    }
}
