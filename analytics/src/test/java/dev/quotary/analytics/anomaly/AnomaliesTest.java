package dev.quotary.analytics.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnomaliesTest {
    private static long[] noisy(int days, long level, long seed) {
        var random = new SplittableRandom(seed);
        var series = new long[days];
        for (int i = 0; i < days; i++) {
            series[i] = level * (90 + random.nextInt(21)) / 100;
        }
        return series;
    }

    @Test
    void day_that_is_far_from_its_pattern_is_found() {
        // Given
        var series = noisy(30, 1_000, 1);
        series[28] = 5_000;
        // When
        var found = Anomalies.among(series, 7, 1);
        // Then
        assertThat(found).hasSize(1);
        var anomaly = found.getFirst();
        assertThat(anomaly.day()).isEqualTo(28);
        assertThat(anomaly.units()).isEqualTo(5_000);
        assertThat(anomaly.expected()).isBetween(950L, 1_050L);
        assertThat(anomaly.score()).isGreaterThan(200);
        assertThat(anomaly.sameWeekday()).isFalse();
    }

    @Test
    void usual_days_are_not_found() {
        for (int seed = 0; seed < 500; seed++) {
            assertThat(Anomalies.among(noisy(70, 1_000, seed), 7, 1))
                    .as("seed " + seed)
                    .isEmpty();
        }
    }

    @Test
    void weekends_are_compared_with_weekends() {
        // Given
        var series = noisy(70, 1_000, 2);
        for (int i = 0; i < series.length; i++) {
            series[i] = i % 7 >= 5 ? series[i] / 20 : series[i];
        }
        series[69] = 1_000;
        // When
        var found = Anomalies.among(series, 14, 1);
        // Then
        assertThat(found).extracting(Anomaly::day).containsExactly(69);
        assertThat(found.getFirst().sameWeekday()).isTrue();
        assertThat(found.getFirst().expected()).isBetween(45L, 55L);
    }

    @Test
    void use_that_stops_is_found_too() {
        // Given
        var series = noisy(30, 1_000, 3);
        series[29] = 0;
        // When
        var found = Anomalies.among(series, 1, 1);
        // Then
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().score()).isNegative();
    }

    @Test
    void outlier_of_the_past_does_not_hide_the_next_one() {
        // Given
        var series = noisy(30, 1_000, 4);
        series[20] = 50_000;
        series[29] = 5_000;
        // When / Then
        assertThat(Anomalies.among(series, 1, 1)).hasSize(1);
    }

    @Test
    void use_that_never_varied_may_vary_by_half() {
        // Given
        var series = new long[30];
        java.util.Arrays.fill(series, 100);
        series[28] = 149;
        series[29] = 151;
        // When / Then
        assertThat(Anomalies.among(series, 2, 1)).extracting(Anomaly::day).containsExactly(29);
    }

    @Test
    void too_short_a_past_and_too_small_a_use_tell_nothing() {
        // Given
        var young = new long[30];
        young[25] = 10;
        young[29] = 10_000;
        var small = noisy(30, 10, 5);
        small[29] = 60;
        // When / Then
        assertThat(Anomalies.among(young, 7, 1)).isEmpty();
        assertThat(Anomalies.among(small, 1, 100)).isEmpty();
        assertThat(Anomalies.among(small, 1, 50)).hasSize(1);
        assertThat(Anomalies.among(new long[0], 7, 1)).isEmpty();
    }
}
