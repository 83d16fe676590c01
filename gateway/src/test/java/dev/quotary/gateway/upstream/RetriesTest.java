package dev.quotary.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.testkit.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final Retries RETRIES =
            new Retries(5, Duration.ofMillis(100), Duration.ofMillis(350), Duration.ofSeconds(1));

    @Test
    void backoff_doubles_up_to_its_end_and_half_of_it_is_left_to_chance() {
        Seeds.forEach(200, random -> {
            assertThat(RETRIES.backoff(1, random)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
            assertThat(RETRIES.backoff(2, random)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
            assertThat(RETRIES.backoff(3, random)).isBetween(Duration.ofMillis(175), Duration.ofMillis(350));
            assertThat(RETRIES.backoff(9, random)).isBetween(Duration.ofMillis(175), Duration.ofMillis(350));
        });
    }

    @Test
    void without_a_word_there_is_one_attempt_and_one_more_where_there_is_another_way() {
        assertThat(Retries.DEFAULT.attempts(false)).isEqualTo(1);
        assertThat(Retries.DEFAULT.attempts(true)).isEqualTo(2);
        assertThat(RETRIES.attempts(false)).isEqualTo(5);
    }

    @Test
    void answers_that_may_be_billed_are_no_reason_to_ask_again() {
        assertThat(Retries.unserved(503)).isTrue();
        assertThat(Retries.unserved(429)).isTrue();
        assertThat(Retries.unserved(504)).isFalse();
        assertThat(Retries.unserved(200)).isFalse();
        assertThat(Retries.unserved(400)).isFalse();
    }

    @Test
    void waits_are_bounded() {
        var tooLong = Duration.ofMinutes(2);
        assertThatThrownBy(() -> new Retries(1, tooLong, Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("backoff");
        assertThatThrownBy(() -> new Retries(11, Duration.ZERO, Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("attempts");
    }
}
