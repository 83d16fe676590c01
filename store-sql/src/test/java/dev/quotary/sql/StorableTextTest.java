package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StorableTextTest {
    private static final char[] LETTERS = {'a', '0', 0, '\uffff', '\ufffe', '\ud83d', '\ude42', 'ü', '組'};

    @Test
    void every_text_is_storable_and_comes_back() {
        Seeds.forEach(2_000, random -> {
            // Given
            var text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(LETTERS[random.nextInt(LETTERS.length)]);
            }
            // When
            var stored = StorableText.of(text.toString());
            // Then
            assertThat(stored.indexOf(0)).isNegative();
            assertThat(new String(stored.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(stored);
            assertThat(StorableText.plainOrNull(stored)).isEqualTo(text.toString());
        });
    }

    @Test
    void ordinary_text_is_stored_as_it_is() {
        // Given
        var text = "größe 🙂 組織 \n%25";
        // When, Then
        assertThat(StorableText.of(text)).isSameAs(text);
        assertThat(StorableText.plainOrNull(text)).isSameAs(text);
        assertThat(StorableText.ofNullable(null)).isNull();
    }
}
