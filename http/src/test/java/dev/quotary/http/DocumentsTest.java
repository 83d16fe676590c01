package dev.quotary.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class DocumentsTest {
    private static InvalidInputException refused(Runnable reading) {
        return assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(reading::run)
                .actual();
    }

    @Test
    void error_in_a_yaml_file_names_line_and_pointer() {
        // Given
        var file = Documents.yaml("plans:\n  - key: free\n    limits:\n      - { max: many }\n");
        // When
        var error = refused(() -> file.fields()
                .items("plans")
                .getFirst()
                .fields()
                .items("limits")
                .getFirst()
                .fields()
                .need("max")
                .integer(0, 9));
        // Then
        assertThat(error.located())
                .isEqualTo("line 4, /plans/0/limits/0/max: expected a whole number of 0..9, was 'many'");
    }

    @Test
    void pointer_escapes_what_pointers_escape() {
        // Given
        var document = Documents.json("{\"a/b\":{\"~\":1}}");
        // When
        var pointer = document.fields().need("a/b").fields().need("~").pointer();
        // Then
        assertThat(pointer).isEqualTo("/a~1b/~0");
    }

    @Test
    void member_that_stands_twice_is_refused_in_json_and_yaml() {
        // When
        var json = refused(() -> Documents.json("{\"a\":{\"b\":1,\"b\":2}}"));
        var yaml = refused(() -> Documents.yaml("a:\n  b: 1\n  b: 2\n"));
        // Then
        assertThat(json.pointer()).isEqualTo("/a/b");
        assertThat(yaml.located()).isEqualTo("line 3, /a/b: expected member 'b' only once");
    }

    @Test
    void unknown_member_is_refused_with_the_known_ones() {
        // Given
        var fields = Documents.json("{\"key\":\"a\",\"kye\":\"b\"}").fields();
        fields.need("key");
        // When
        var error = refused(fields::done);
        // Then
        assertThat(error.located()).isEqualTo("/kye: unknown field 'kye'; known here: key");
    }

    @Test
    void what_is_not_one_value_is_refused() {
        // When
        var empty = refused(() -> Documents.json(""));
        var two = refused(() -> Documents.json("{} {}"));
        var broken = refused(() -> Documents.json("{\"a\":"));
        var deep = refused(() -> Documents.json("[".repeat(1000)));
        // Then
        assertThat(empty.expected()).isEqualTo("expected JSON, was empty");
        assertThat(two.expected()).isEqualTo("expected one value, but more follows");
        assertThat(broken.expected()).startsWith("expected JSON");
        assertThat(deep.expected()).contains("depth");
    }

    @Test
    void canonical_values_are_equal_for_what_says_the_same() {
        // Given
        var one = Documents.json("{\"b\":[{\"d\":1,\"c\":null}],\"a\":\"x\"}");
        var other = Documents.json(" { \"a\": \"x\", \"e\": null, \"b\": [ { \"d\": 1 } ] } ");
        // When
        var texts = new String[] {one.canonical().json(), other.canonical().json()};
        // Then
        assertThat(texts[0]).isEqualTo(texts[1]).isEqualTo("{\"a\":\"x\",\"b\":[{\"d\":1}]}");
    }
}
