package dev.quotary.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTest {
    /** The cases of RFC 7386, appendix A, but for those whose patch is no object. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":"b"}           | {"a":"c"}                     | {"a":"c"}
            {"a":"b"}           | {"b":"c"}                     | {"a":"b","b":"c"}
            {"a":"b"}           | {"a":null}                    | {}
            {"a":"b","b":"c"}   | {"a":null}                    | {"b":"c"}
            {"a":["b"]}         | {"a":"c"}                     | {"a":"c"}
            {"a":"c"}           | {"a":["b"]}                   | {"a":["b"]}
            {"a":{"b":"c"}}     | {"a":{"b":"d","c":null}}      | {"a":{"b":"d"}}
            {"a":[{"b":"c"}]}   | {"a":[1]}                     | {"a":[1]}
            {"e":null}          | {"a":1}                       | {"e":null,"a":1}
            [1,2]               | {"a":"b","c":null}            | {"a":"b"}
            {}                  | {"a":{"bb":{"ccc":null}}}     | {"a":{"bb":{}}}
            """)
    void merge_patch_changes_members_one_by_one(String target, String patch, String result) {
        // When
        var patched = Documents.json(target).patched(Documents.json(patch));
        // Then
        assertThat(patched.json()).isEqualTo(result);
    }

    @Test
    void patched_member_is_told_with_its_place_in_the_patch() {
        // When
        var patched = Documents.json("{\"a\":{\"b\":1}}").patched(Documents.json("{\"a\":{\"c\":true}}"));
        // Then
        var inner = patched.fields().need("a").fields();
        assertThat(inner.need("c").pointer()).isEqualTo("/a/c");
        assertThat(inner.need("b").pointer()).isEqualTo("/a/b");
    }

    @Test
    void list_takes_the_place_of_a_member() {
        // When
        var changed = Documents.json("{\"a\":1,\"b\":2}").with("a", List.of(Documents.json("3"), Documents.text("x")));
        // Then
        assertThat(changed.json()).isEqualTo("{\"a\":[3,\"x\"],\"b\":2}");
    }
}
