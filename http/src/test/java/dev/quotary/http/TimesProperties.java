package dev.quotary.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.testkit.Seeds;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TimesProperties {
    @Test
    void every_day_is_written_as_the_jdk_writes_it() {
        for (var day = LocalDate.EPOCH; day.getYear() < 2420; day = day.plusDays(1)) {
            var at = day.atTime(23, 59, 59).toInstant(ZoneOffset.UTC);
            assertThat(Times.text(at)).isEqualTo(at.toString());
        }
    }

    @Test
    void any_instant_is_written_as_the_jdk_writes_it() {
        Seeds.forEach(100, random -> {
            for (int i = 0; i < 100; i++) {
                long seconds = random.nextLong(-100_000_000_000L, 300_000_000_000L);
                var at = Instant.ofEpochSecond(seconds, random.nextInt(3) == 0 ? random.nextInt(1_000_000_000) : 0);
                assertThat(Times.text(at)).isEqualTo(at.toString());
            }
        });
    }
}
