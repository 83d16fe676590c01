package dev.quotary.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RangeTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Range range(String from, String until) {
        return new Range(Instant.parse(from), Instant.parse(until));
    }

    @Test
    void whole_months_are_compared_with_months() {
        // Given
        var november = range("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z");

        // When
        var previous = november.previous(BERLIN);

        // Then
        assertThat(previous).isEqualTo(range("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"));
    }

    @Test
    void whole_days_are_compared_with_days_whatever_the_clocks_do() {
        // Given
        var days = range("2026-10-25T23:00:00Z", "2026-10-27T23:00:00Z");

        // When
        var previous = days.previous(BERLIN);

        // Then
        assertThat(previous).isEqualTo(range("2026-10-23T22:00:00Z", "2026-10-25T23:00:00Z"));
    }

    @Test
    void anything_else_is_compared_with_the_same_length() {
        // Given
        var hours = range("2026-11-01T10:15:00Z", "2026-11-01T12:20:00Z");

        // When
        var previous = hours.previous(ZoneOffset.UTC);

        // Then
        assertThat(previous).isEqualTo(range("2026-11-01T08:10:00Z", "2026-11-01T10:15:00Z"));
    }

    @Test
    void range_that_does_not_end_after_it_begins_is_refused() {
        // Given
        var at = Instant.parse("2026-11-01T10:15:00Z");

        // When / Then
        assertThatThrownBy(() -> new Range(at, at)).isInstanceOf(IllegalArgumentException.class);
    }
}
