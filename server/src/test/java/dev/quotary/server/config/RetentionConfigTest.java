package dev.quotary.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.http.InvalidInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionConfigTest {
    private static Optional<Duration> auditLog(String yaml, Map<String, String> environment) {
        return new ConfigReader(environment, Path.of("/etc/quotary"))
                .read(yaml, Optional.empty())
                .retention()
                .auditLog();
    }

    @Test
    void audit_log_is_kept_for_three_years_unless_something_else_is_said() {
        assertThat(auditLog("", Map.of())).contains(Duration.ofDays(1_095));
        assertThat(auditLog("retention: { audit_log: 90d }", Map.of())).contains(Duration.ofDays(90));
        assertThat(auditLog("retention: { audit_log: forever }", Map.of())).isEmpty();
        assertThat(auditLog("", Map.of("QUOTARY_RETENTION_AUDIT_LOG", "7d"))).contains(Duration.ofDays(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"90", "0d", "-1d", "a month", "1h"})
    void what_is_no_number_of_days_is_refused_with_its_line(String text) {
        assertThatThrownBy(() -> auditLog("retention:\n  audit_log: '" + text + "'", Map.of()))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        e -> assertThat(e.located()).contains("line 2", "expected days such as 90d, or forever"));
    }
}
