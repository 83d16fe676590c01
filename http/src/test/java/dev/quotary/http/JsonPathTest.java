package dev.quotary.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPathTest {
    private static final Value DOCUMENT =
            Documents.json("{\"a\":{\"b_1\":7,\"c d\":[1,\"two\",{\"ü\":true}],\"n\":null},\"it's\":3,\"\":4}");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            $.a.b_1          | 7
            $['a']["b_1"]    | 7
            $.a['c d'][0]    | 1
            $.a['c d'][-2]   | "two"
            $.a['c d'][2].ü  | true
            $['it\\'s']      | 3
            $['']            | 4
            $.a['c d'][3]    | `nothing`
            $.a['c d'][-4]   | `nothing`
            $.a.n            | `nothing`
            $.a.n.x          | `nothing`
            $.a.b_1.x        | `nothing`
            $.a[0]           | `nothing`
            $.x              | `nothing`
            """)
    void path_names_one_value_or_none(String path, String expected) {
        // When
        var found = JsonPath.parse(path).find(DOCUMENT);
        // Then
        assertThat(found == null ? "nothing" : found.json()).isEqualTo(expected);
    }

    @Test
    void path_of_the_root_is_the_whole_document() {
        // When
        var found = JsonPath.parse("$").find(DOCUMENT);
        // Then
        assertThat(found).isSameAs(DOCUMENT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``          | at character 1 expected to begin with $
            tokens      | at character 1 expected to begin with $
            $tokens     | at character 2 expected . or [
            $..tokens   | at character 3 expected one name after the dot
            $.*         | at character 3 expected one name after the dot
            $.1a        | at character 3 expected one name after the dot
            $.a-b       | at character 4 expected . or [
            $.a[*]      | at character 5 expected a quoted name or an index
            $.a[01]     | at character 7 expected a quoted name or an index
            $.a[-0]     | at character 7 expected a quoted name or an index
            $.a[0:1]    | at character 6 expected ]
            $.a[0,1]    | at character 6 expected ]
            $.a['b'     | at character 8 expected ]
            $.a['b]     | at character 8 expected a closing '
            $.a['\\n']   | at character 7 expected a quote
            $.a[?@.b]   | at character 5 expected a quoted name or an index
            """)
    void path_that_may_name_more_than_one_value_or_is_broken_is_told_with_its_place(String path, String expected) {
        // When / Then
        assertThatThrownBy(() -> JsonPath.parse(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void paths_of_the_same_steps_are_equal_however_they_are_written() {
        // When
        var equal = JsonPath.parse("$.a['b']").equals(JsonPath.parse("$[\"a\"].b"));
        // Then
        assertThat(equal).isTrue();
        assertThat(JsonPath.parse("$.a")).isNotEqualTo(JsonPath.parse("$.b"));
    }
}
