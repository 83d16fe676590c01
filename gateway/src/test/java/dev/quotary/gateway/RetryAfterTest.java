package dev.quotary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private static MultiMap headers(String name, String value) {
        return MultiMap.caseInsensitiveMultiMap().add(name, value);
    }

    @Test
    void milliseconds_go_before_seconds() {
        assertThat(RetryAfter.of(headers("Retry-After", "3").add("retry-after-ms", "250")))
                .contains(Duration.ofMillis(250));
        assertThat(RetryAfter.of(headers("retry-after", " 3 "))).contains(Duration.ofSeconds(3));
    }

    @Test
    void what_is_no_number_says_nothing() {
        assertThat(RetryAfter.of(MultiMap.caseInsensitiveMultiMap())).isEmpty();
        for (var value :
                new String[] {"", "-1", "soon", "Fri, 27 Nov 2026 14:00:00 GMT", "99999999999999999999", "1.5"}) {
            assertThat(RetryAfter.of(headers("Retry-After", value))).isEmpty();
        }
    }
}
