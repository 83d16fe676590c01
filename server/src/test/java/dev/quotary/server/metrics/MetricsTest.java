package dev.quotary.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
    @ParameterizedTest
    @CsvSource({"0, 0.000", "999, 0.000", "7000, 0.007", "42000, 0.042", "420000, 0.420", "1234567890, 1234.567"})
    void time_of_an_answer_is_told_in_milliseconds_with_three_decimals(long nanos, String millis) {
        assertThat(Metrics.timing(nanos)).isEqualTo("quotary;dur=" + millis);
    }
}
