package dev.quotary.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2026-01-02T00:00:00Z");

    @Test
    void start_is_inside_and_end_is_not() {
        // Given
        var window = new Window(START, END);
        // When, Then
        assertThat(window.contains(START)).isTrue();
        assertThat(window.contains(END.minusNanos(1))).isTrue();
        assertThat(window.contains(END)).isFalse();
        assertThat(window.contains(START.minusNanos(1))).isFalse();
    }

    @Test
    void window_that_does_not_start_before_it_ends_is_refused() {
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> new Window(START, START));
        assertThatIllegalArgumentException().isThrownBy(() -> new Window(END, START));
    }

    @Test
    void time_until_reset_is_what_is_left() {
        // When
        var left = new Window(START, END).untilReset(END.minusSeconds(90));
        // Then
        assertThat(left).isEqualTo(Duration.ofSeconds(90));
    }
}
