package dev.quotary.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.gateway.upstream.Breaker.State;
import dev.quotary.gateway.upstream.Breaker.Thresholds;
import dev.quotary.testkit.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final Duration OPEN = Duration.ofSeconds(30);

    private final FakeClock clock = new FakeClock();
    private final Breaker breaker = new Breaker(new Thresholds(3, OPEN));

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(breaker.pass(clock.instant())).isTrue();
            breaker.failed(clock.instant());
        }
    }

    @Test
    void failures_in_a_row_open_it_and_a_success_between_them_begins_the_row_anew() {
        // Given
        fail(2);
        breaker.succeeded();
        fail(2);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        // When
        boolean opened = breaker.failed(clock.instant());
        // Then
        assertThat(opened).isTrue();
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.lets(clock.instant())).isFalse();
        assertThat(breaker.pass(clock.instant())).isFalse();
    }

    @Test
    void one_probe_passes_when_the_time_is_over_and_closes_it_by_succeeding() {
        // Given
        fail(3);
        clock.advance(OPEN.minusMillis(1));
        assertThat(breaker.pass(clock.instant())).isFalse();
        clock.advance(Duration.ofMillis(1));
        // When
        boolean probe = breaker.pass(clock.instant());
        boolean beside = breaker.pass(clock.instant());
        // Then
        assertThat(probe).isTrue();
        assertThat(beside).isFalse();
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        breaker.succeeded();
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.pass(clock.instant())).isTrue();
    }

    @Test
    void probe_that_fails_opens_it_again_for_as_long() {
        // Given
        fail(3);
        clock.advance(OPEN);
        assertThat(breaker.pass(clock.instant())).isTrue();
        // When
        boolean opened = breaker.failed(clock.instant());
        // Then
        assertThat(opened).isTrue();
        clock.advance(OPEN.minusMillis(1));
        assertThat(breaker.lets(clock.instant())).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(breaker.lets(clock.instant())).isTrue();
    }

    @Test
    void probe_that_nobody_hears_of_is_followed_by_another() {
        // Given
        fail(3);
        clock.advance(OPEN);
        assertThat(breaker.pass(clock.instant())).isTrue();
        // When
        clock.advance(OPEN);
        // Then
        assertThat(breaker.pass(clock.instant())).isTrue();
    }

    @Test
    void calls_that_were_sent_before_it_opened_neither_close_it_nor_keep_it_open_longer() {
        // Given
        fail(3);
        clock.advance(OPEN.minusSeconds(1));
        // When
        breaker.succeeded();
        boolean opened = breaker.failed(clock.instant());
        // Then
        assertThat(opened).isFalse();
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        clock.advance(Duration.ofSeconds(1));
        assertThat(breaker.pass(clock.instant())).isTrue();
    }
}
