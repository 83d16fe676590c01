package dev.quotary.client.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "-0.50",
                "1000000000000000000000",
                "{\"a\":[1,2.50,{\"b\":null}],\"c\":\"x\"}",
                "\"\\\"\\\\/ \\u0000\\u001f \u00e4 \uD83D\uDE00\""
            })
    void what_is_read_is_written_as_it_was(String text) {
        assertThat(JsonReader.read(text).toString()).isEqualTo(text);
    }

    @Test
    void escapes_are_understood_and_lone_halves_of_pairs_survive() {
        // When
        var read = JsonReader.read(" \"\\b\\f\\n\\r\\t\\/\\u00e4\\ud83d\" ");
        // Then
        assertThat(read.text()).contains("\b\f\n\r\t/\u00e4\ud83d");
        assertThat(read.toString()).isEqualTo("\"\\u0008\\u000c\\u000a\\u000d\\u0009/\u00e4\\ud83d\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\"}",
                "{\"a\":1,}",
                "[1,]",
                "[1 2]",
                "{a:1}",
                "tru",
                "nul",
                "01",
                "1.",
                ".5",
                "+1",
                "1e1000",
                "NaN",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "1 1",
                "\u00a01"
            })
    void anything_else_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonReader.read(text));
    }

    @Test
    void depth_is_bounded_both_ways() {
        // Given
        var deepest = "[".repeat(64) + "]".repeat(64);
        Object nested = List.of();
        for (int i = 0; i < 65; i++) {
            nested = List.of(nested);
        }
        var tooDeep = nested;
        // Then
        assertThat(JsonReader.read(deepest).toString()).isEqualTo(deepest);
        assertThatIllegalArgumentException().isThrownBy(() -> JsonReader.read("[" + deepest + "]"));
        assertThatIllegalArgumentException().isThrownBy(() -> JsonReader.read("[".repeat(1_000_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(tooDeep));
    }

    @Test
    void numbers_are_exact_and_bounded() {
        assertThat(JsonReader.read("9007199254740993").whole()).contains(9007199254740993L);
        assertThat(JsonReader.read("\"0.000000000001\"").decimal()).contains(new BigDecimal("0.000000000001"));
        assertThat(JsonReader.read("1.5").whole()).isEmpty();
        assertThat(JsonReader.read("9223372036854775808").whole()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> JsonReader.read("9".repeat(65)));
    }

    @Test
    void plain_java_stands_for_values_unless_it_is_not_exact() {
        assertThat(Json.of(Map.of("a", List.of(1, 2L, new BigDecimal("1.50"), true, "x")))
                        .toString())
                .isEqualTo("{\"a\":[1,2,1.50,true,\"x\"]}");
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(1.5));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(Map.of("a", new Object())));
    }

    @Test
    void members_that_are_not_there_are_nothing() {
        // Given
        var json = JsonReader.read("{\"a\":null,\"b\":\"x\"}");
        // Then
        assertThat(json.at("a").text()).isEqualTo(Optional.empty());
        assertThat(json.at("c").at("d").text()).isEqualTo(Optional.empty());
        assertThat(json.at("b").decimal()).isEmpty();
        assertThat(json.at("b").items()).isEmpty();
    }
}
