package dev.quotary.provider.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EditTest {
    private static final byte[] DOCUMENT = "{\"model\":\"gpt-6\",\"n\":1}".getBytes(StandardCharsets.UTF_8);

    @Test
    void edits_in_any_order_change_their_places_only() {
        // Given
        var number = new Edit(21, 22, "12");
        var name = new Edit(9, 16, "\"ü\"");
        // When
        byte[] changed = Edit.apply(DOCUMENT, List.of(number, name));
        // Then
        assertThat(new String(changed, StandardCharsets.UTF_8)).isEqualTo("{\"model\":\"ü\",\"n\":12}");
    }

    @Test
    void nothing_to_change_gives_the_same_array() {
        assertThat(Edit.apply(DOCUMENT, List.of())).isSameAs(DOCUMENT);
    }
}
