package dev.quotary.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PasswordTest {
    private static final String TEXT = "correct horse battery";

    @Test
    void password_is_known_again_and_no_other_is() {
        // When
        var password = Password.of(TEXT, new SplittableRandom(7));
        // Then
        assertThat(password.is(TEXT)).isTrue();
        assertThat(password.is(TEXT + " ")).isFalse();
        assertThat(password.is("")).isFalse();
    }

    @Test
    void same_password_is_kept_differently_each_time() {
        // Given
        var random = new SplittableRandom(7);
        // When
        var one = Password.of(TEXT, random);
        var other = Password.of(TEXT, random);
        // Then
        assertThat(one.salt()).isNotEqualTo(other.salt());
        assertThat(one.hash()).isNotEqualTo(other.hash());
    }

    @Test
    void hash_is_that_of_the_reference_implementation() {
        // Given: computed by another implementation, argon2id -t 2 -k 19456 -p 1 -l 32
        var known = new Password("MDEyMzQ1Njc4OWFiY2RlZg==", "ubXrepPLARa+5S+bVcWmrU6GUVY4SHUvUkYkHJc1tog=");
        // When
        boolean right = known.is("password123456");
        // Then
        assertThat(right).isTrue();
    }

    @Test
    void short_password_is_refused() {
        assertThatThrownBy(() -> Password.of("elevenchars", new SplittableRandom(7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a password of 12 to 256 characters");
    }

    @Test
    void password_is_not_shown() {
        assertThat(Password.of(TEXT, new SplittableRandom(7))).hasToString("***");
    }
}
