package dev.quotary.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class GranularityTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Range range(String from, String until) {
        return new Range(Instant.parse(from), Instant.parse(until));
    }

    @Test
    void buckets_cover_the_range_and_are_cut_at_its_ends() {
        // Given
        var range = range("2026-11-01T10:30:00Z", "2026-11-03T00:00:00Z");

        // When
        var buckets = Granularity.DAY.buckets(range, ZoneOffset.UTC);

        // Then
        assertThat(buckets)
                .containsExactly(
                        range("2026-11-01T10:30:00Z", "2026-11-02T00:00:00Z"),
                        range("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"));
    }

    @Test
    void days_follow_the_zone_and_its_changes_of_the_clocks() {
        // Given
        var range = range("2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z");

        // When
        var buckets = Granularity.DAY.buckets(range, BERLIN);

        // Then
        assertThat(buckets)
                .containsExactly(
                        range("2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z"),
                        range("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
                        range("2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z"));
    }

    @Test
    void hours_of_a_zone_off_by_half_an_hour_begin_at_half_past() {
        // Given
        var range = range("2026-11-01T10:30:00Z", "2026-11-01T12:30:00Z");

        // When
        var buckets = Granularity.HOUR.buckets(range, ZoneId.of("Asia/Kolkata"));

        // Then
        assertThat(buckets)
                .containsExactly(
                        range("2026-11-01T10:30:00Z", "2026-11-01T11:30:00Z"),
                        range("2026-11-01T11:30:00Z", "2026-11-01T12:30:00Z"));
    }

    @Test
    void weeks_begin_on_monday() {
        // Given
        var range = range("2026-11-01T00:00:00Z", "2026-11-09T00:00:00Z");

        // When
        var buckets = Granularity.WEEK.buckets(range, ZoneOffset.UTC);

        // Then
        assertThat(buckets)
                .containsExactly(
                        range("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"),
                        range("2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z"));
    }

    @Test
    void total_is_one_bucket() {
        // Given
        var range = range("2026-11-01T10:30:17Z", "2026-11-03T00:00:00Z");

        // When
        var buckets = Granularity.TOTAL.buckets(range, BERLIN);

        // Then
        assertThat(buckets).containsExactly(range);
    }

    @Test
    void more_buckets_than_may_be_are_refused() {
        // Given
        var from = Instant.parse("2026-11-01T00:00:00Z");
        var most = new Range(from, from.plus(Duration.ofMinutes(Granularity.BUCKETS_MAX)));
        var tooMany = new Range(from, most.until().plusMillis(1));

        // When
        var buckets = Granularity.MINUTE.buckets(most, ZoneOffset.UTC);

        // Then
        assertThat(buckets).hasSize(Granularity.BUCKETS_MAX);
        assertThatThrownBy(() -> Granularity.MINUTE.buckets(tooMany, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("coarser granularity");
    }
}
