package dev.quotary.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableTest {
    private static final List<String> COLUMNS = List.of("a", "b");

    private static List<List<String>> fields(String text) {
        return CsvTable.parse("t", text, COLUMNS).rows().stream()
                .map(CsvTable.Row::fields)
                .toList();
    }

    @Test
    void quotes_hold_commas_and_quotes() {
        assertThat(fields("a,b\n1,2\n,\n\"x, \"\"y\"\"\",\"\"\n\"\"\"\",z\r\n"))
                .containsExactly(List.of("1", "2"), List.of("", ""), List.of("x, \"y\"", ""), List.of("\"", "z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\n1", "a,b\n1,2,3", "a,b\n1,2\n\n3,4", "a,c\n1,2", "b,a\n1,2", "a,b", ""})
    void text_of_another_form_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> fields(text)).withMessageStartingWith("t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\n\"1,2", "a,b\n\"1\"x,2", "a,b\n1,\"", "a,b\n1,x\"y", "a,b\n1,\"x\"\""})
    void broken_quotes_are_refused_with_their_line(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> fields(text)).withMessageContaining("t line 2");
    }

    @Test
    void error_names_line_and_column() {
        // Given
        var table = CsvTable.parse("t", "a,b\n1,2\n3,x\n", COLUMNS);

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.read(row -> row.required("b", Long::valueOf)))
                .withMessageStartingWith("t line 3: column b:");
    }

    @Test
    void required_value_must_be_there() {
        // Given
        var table = CsvTable.parse("t", "a,b\n1,\n", COLUMNS);

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.read(row -> row.required("b", Long::valueOf)))
                .withMessage("t line 2: column b: expected a value");
        assertThat(table.read(row -> row.value("b", Long::valueOf).isPresent())).containsExactly(false);
    }

    @Test
    void missing_resource_is_our_bug() {
        assertThatIllegalStateException().isThrownBy(() -> CsvTable.ofResource("none.csv", COLUMNS));
    }

    @Test
    void error_of_the_program_is_not_taken_for_one_of_the_text() {
        // Given
        var table = CsvTable.parse("t", "a,b\n1,2\n", COLUMNS);

        // Then
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> table.read(row -> row.text("no such column")));
    }
}
