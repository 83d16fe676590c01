package dev.quotary.provider.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventDataTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "data: one\\n\\n|1|one",
                "data:one\\r\\n\\r\\n|1|one",
                "data:  one \\n\\n|1| one ",
                "event: x\\ndata: one\\nid: 1\\n\\n|1|one",
                "data: one\\ndata: two\\n\\n|2|one\\ntwo",
                "data: one\\ndata: two\\r\\ndata:three\\n\\n|3|one\\ntwo\\nthree",
                "data: one|1|one",
                "data:\\n\\n|1|",
                "dat: one\\n\\n|0|",
                ": data: one\\n|0|",
                "\\n|0|"
            })
    void finds_the_data_of_an_event(String event, int lines, String text) {
        // Given
        byte[] bytes = ("##" + unescaped(event)).getBytes(StandardCharsets.UTF_8);
        var data = new EventData();

        // When
        data.read(bytes, 2, bytes.length);

        // Then
        String found = new String(data.bytes(), data.from(), data.to() - data.from(), StandardCharsets.UTF_8);
        assertThat(data.lines()).isEqualTo(lines);
        assertThat(found).isEqualTo(text == null ? "" : unescaped(text));
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n").replace("\\r", "\r");
    }
}
