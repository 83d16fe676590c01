package dev.quotary.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.provider.sse.SliceBuilder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SliceTest {
    private static final byte[] SOURCE = "abcdef".getBytes(StandardCharsets.US_ASCII);

    @Test
    void pieces_that_follow_each_other_are_not_copied() {
        // Given
        var builder = new SliceBuilder(SOURCE);

        // When
        builder.append(SOURCE, 1, 3);
        builder.append(SOURCE, 3, 3);
        builder.append(SOURCE, 3, 5);

        // Then
        assertThat(builder.build().same(SOURCE, 1, 4)).isTrue();
    }

    @Test
    void gaps_and_foreign_bytes_are_copied_at_once() {
        // Given
        var builder = new SliceBuilder(SOURCE);
        byte[] foreign = "xyz".getBytes(StandardCharsets.US_ASCII);

        // When
        builder.append(foreign, 0, 2);
        builder.append(SOURCE, 0, 2);
        builder.append(SOURCE, 3, 4);
        foreign[0] = '#';
        builder.append(foreign, 2, 3);

        // Then
        assertThat(builder.build().toByteArray())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("xyabdz");
    }

    @Test
    void nothing_is_the_empty_slice() {
        assertThat(new SliceBuilder(SOURCE).build()).isSameAs(Slice.EMPTY);
    }

    @Test
    void stretch_outside_the_array_is_refused() {
        assertThatThrownBy(() -> new Slice(SOURCE, 4, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Slice(SOURCE, -1, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Slice(SOURCE, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void texts_of_what_holds_content_do_not_show_it() {
        assertThat(new Slice(SOURCE, 0, 6).toString()).doesNotContain("abc");
        assertThat(new OutputText("secret", 6, 6).toString()).doesNotContain("secret");
    }
}
