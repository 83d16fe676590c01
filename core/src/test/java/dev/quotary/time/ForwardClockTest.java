package dev.quotary.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ForwardClockTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void clock_that_is_set_back_stands_still_until_time_catches_up() {
        // Given
        var machine = new AtomicReference<>(NOON);
        var clock = new ForwardClock(machine::get);
        // When
        var seen = new ArrayList<>(List.of(clock.instant()));
        for (int seconds : new int[] {-3_600, -1, 0, 1}) {
            machine.set(NOON.plusSeconds(seconds));
            seen.add(clock.instant());
        }
        // Then
        assertThat(seen).containsExactly(NOON, NOON, NOON, NOON, NOON.plusSeconds(1));
    }

    @Test
    void no_thread_sees_time_go_back() throws Exception {
        // Given
        var jumps = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        var second = new AtomicLong();
        var clock = new ForwardClock(() -> {
            synchronized (jumps) {
                return NOON.plusSeconds(second.addAndGet(jumps.nextInt(-5, 7)));
            }
        });
        // When
        var running = new ArrayList<Future<Boolean>>();
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (int i = 0; i < 4; i++) {
                running.add(threads.submit(() -> neverGoesBack(clock)));
            }
        }
        // Then
        for (var each : running) {
            assertThat(each.get()).isTrue();
        }
    }

    private static boolean neverGoesBack(ForwardClock clock) {
        var latest = clock.instant();
        for (int i = 0; i < 20_000; i++) {
            var now = clock.instant();
            if (now.isBefore(latest)) {
                return false;
            }
            latest = now;
        }
        return true;
    }
}
