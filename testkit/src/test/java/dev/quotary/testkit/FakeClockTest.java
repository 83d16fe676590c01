package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class FakeClockTest {
    private final FakeClock clock = new FakeClock();

    @Test
    void clock_stands_still_until_it_is_told() {
        // Given
        Instant before = clock.instant();
        // When
        Instant after = clock.instant();
        // Then
        assertThat(after).isEqualTo(before);
    }

    @Test
    void clock_moves_forward_and_back() {
        // Given
        clock.set(Instant.parse("2026-03-01T00:00:00Z"));
        // When
        clock.advance(Duration.ofDays(-1));
        // Then
        assertThat(clock.instant()).isEqualTo("2026-02-28T00:00:00Z");
    }

    @Test
    void no_move_of_several_threads_is_lost() throws InterruptedException {
        // Given
        Instant start = clock.instant();
        var threads = new ArrayList<Thread>();
        // When
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.startVirtualThread(() -> advanceOften(1_000)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        // Then
        assertThat(clock.instant()).isEqualTo(start.plusSeconds(4_000));
    }

    private void advanceOften(int times) {
        for (int i = 0; i < times; i++) {
            clock.advance(Duration.ofSeconds(1));
        }
    }
}
