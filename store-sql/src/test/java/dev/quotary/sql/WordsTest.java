package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.testkit.Seeds;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void map_is_written_in_its_order_with_signs_escaped() {
        // Given
        var map = new LinkedHashMap<String, String>();
        map.put("b", "1 = 100%");
        map.put("a", "");
        // When
        var text = Words.of(map);
        // Then
        assertThat(text).isEqualTo("b=1%20%3D%20100%25 a=");
    }

    @Test
    void empty_map_is_no_text() {
        // When, Then
        assertThat(Words.of(Map.of())).isNull();
        assertThat(Words.parse(null)).isEmpty();
    }

    @Test
    void what_is_written_is_read() {
        Seeds.forEach(500, random -> {
            // Given
            var map = new HashMap<String, String>();
            for (int i = random.nextInt(5); i > 0; i--) {
                map.put(word(random), word(random));
            }
            // When
            var read = Words.parse(Words.of(map));
            // Then
            assertThat(read).isEqualTo(map);
        });
    }

    private static String word(RandomGenerator random) {
        var word = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            word.append("%= 2035Dé🙂".charAt(random.nextInt(10)));
        }
        return word.toString();
    }

    @Test
    void text_of_another_form_stops_the_reader() {
        // When, Then
        assertThatThrownBy(() -> Words.parse("no-value")).isInstanceOf(IllegalStateException.class);
    }
}
