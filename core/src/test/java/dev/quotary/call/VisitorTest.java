package dev.quotary.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VisitorTest {
    private static final Visitor VISITOR = new Visitor("0123456789abcdef", "0123456789abcdef01234567");

    @Test
    void key_of_a_visitor_names_it() {
        // When
        var key = VISITOR.key();
        // Then
        assertThat(key.value()).isEqualTo("anon_0123456789abcdef_0123456789abcdef01234567");
        assertThat(Visitor.of(key)).contains(VISITOR);
    }

    @Test
    void what_is_not_exactly_so_names_somebody_else() {
        for (var other : List.of(
                "anon_",
                "anon_bob",
                "anon_0123456789abcdef_0123456789abcdef0123456",
                "anon_0123456789abcdef_0123456789abcdef012345678",
                "anon_0123456789abcdeF_0123456789abcdef01234567",
                "anon_0123456789abcdef-0123456789abcdef01234567",
                "Anon_0123456789abcdef_0123456789abcdef01234567",
                "anon_0123456789abcdef_0123456789abcdef0123456g")) {
            // When
            var visitor = Visitor.of(new SubjectKey(other));
            // Then
            assertThat(visitor).as(other).isEmpty();
        }
    }

    @Test
    void network_and_session_have_their_lengths_and_are_hexadecimal() {
        // When, Then
        assertThatThrownBy(() -> new Visitor("0123456789abcde", "0123456789abcdef01234567"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Visitor("0123456789abcdef", "0123456789abcdef0123456x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
