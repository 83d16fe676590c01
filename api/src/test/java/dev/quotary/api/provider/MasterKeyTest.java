package dev.quotary.api.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.api.key.Secret;
import dev.quotary.http.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeyTest {
    private static final String HEX = "00112233445566778899aabbccddeeff".repeat(2);
    private static final Secret SECRET = new Secret("sk-proj-0123456789");

    private final MasterKey key = MasterKey.of(new Secret(HEX));
    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void sealed_text_is_opened_under_the_same_key_and_never_looks_the_same_twice() {
        // When
        var once = key.seal(SECRET, "one", random);
        var again = key.seal(SECRET, "one", random);
        // Then
        assertThat(key.open(once, "one")).isEqualTo(SECRET);
        assertThat(key.open(again, "one")).isEqualTo(SECRET);
        assertThat(once).isNotEqualTo(again);
        assertThat(new String(Base64.getDecoder().decode(once), StandardCharsets.ISO_8859_1))
                .doesNotContain(SECRET.text());
    }

    @Test
    void sealed_text_cannot_be_opened_as_something_else_or_under_another_key_or_when_a_bit_is_wrong() {
        // Given
        var sealed = key.seal(SECRET, "one", random);
        byte[] bytes = Base64.getDecoder().decode(sealed);
        var other = MasterKey.of(new Secret("ff".repeat(32)));
        // When, Then
        assertThatThrownBy(() -> key.open(sealed, "two")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> other.open(sealed, "one")).isInstanceOf(InvalidInputException.class);
        for (int i = 0; i < bytes.length; i++) {
            byte[] wrong = bytes.clone();
            wrong[i] ^= 1;
            var damaged = Base64.getEncoder().encodeToString(wrong);
            assertThatThrownBy(() -> key.open(damaged, "one")).isInstanceOf(InvalidInputException.class);
        }
        for (var nothing : new String[] {"", "AAAA", "no base64!"}) {
            assertThatThrownBy(() -> key.open(nothing, "one")).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void key_is_the_same_in_hexadecimal_and_in_base64_and_shows_its_id_alone() {
        // Given
        byte[] bytes = HexFormat.of().parseHex(HEX);
        // When
        var same = MasterKey.of(new Secret(Base64.getEncoder().encodeToString(bytes) + "\n"));
        // Then
        assertThat(same.id()).isEqualTo(key.id()).hasSize(12);
        assertThat(same.open(key.seal(SECRET, "one", random), "one")).isEqualTo(SECRET);
        assertThat(key.toString()).isEqualTo("MasterKey[id=" + key.id() + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "00112233445566778899aabbccddeeff", "AAAAAAAAAAAAAAAAAAAAAA=="})
    void anything_else_than_32_bytes_is_no_master_key_and_is_not_quoted(String text) {
        assertThatThrownBy(() -> MasterKey.of(new Secret(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bytes")
                .satisfies(e -> assertThat(text.isEmpty()
                                || !Objects.requireNonNull(e.getMessage()).contains(text))
                        .isTrue());
    }
}
