package dev.quotary.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PassagesTest {
    @Test
    void whoever_was_inside_is_waited_for_and_nobody_is_held_up() throws Exception {
        // Given
        var passages = new Passages();
        var inside = new CountDownLatch(1);
        var mayLeave = new CountDownLatch(1);
        var left = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var passing = threads.submit(() -> passages.pass(() -> {
                inside.countDown();
                await(mayLeave);
                left.set(true);
                return true;
            }));
            inside.await();
            // When
            var waiting = CompletableFuture.supplyAsync(() -> passages.await(60) && left.get(), threads);
            var others = passages.pass(() -> "through");
            var early = waiting.isDone();
            mayLeave.countDown();
            // Then
            assertThat(others).isEqualTo("through");
            assertThat(early).isFalse();
            assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(passing.get()).isTrue();
        }
    }

    @Test
    void one_that_never_ends_is_told() throws Exception {
        // Given
        var passages = new Passages();
        var inside = new CountDownLatch(1);
        var mayLeave = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var passing = threads.submit(() -> passages.pass(() -> {
                inside.countDown();
                return await(mayLeave);
            }));
            inside.await();
            // When
            var ended = passages.await(0);
            // Then
            assertThat(ended).isFalse();
            mayLeave.countDown();
            assertThat(passing.get()).isTrue();
            assertThat(passages.await(30)).isTrue();
        }
    }

    /** What was read before the change is through once the wait is over, in every one of many races. */
    @Test
    void nobody_who_read_the_old_state_is_still_inside_after_the_wait() throws Exception {
        // Given
        var passages = new Passages();
        var state = new AtomicLong();
        var handedOver = new AtomicLong[2_001];
        for (int i = 0; i < handedOver.length; i++) {
            handedOver[i] = new AtomicLong();
        }
        var over = new AtomicBoolean();
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (int i = 0; i < 3; i++) {
                threads.execute(() -> {
                    while (!over.get()) {
                        passages.pass(() -> handedOver[(int) state.get()].incrementAndGet());
                    }
                });
            }
            // When
            for (int change = 1; change < handedOver.length; change++) {
                state.set(change);
                assertThat(passages.await(60)).isTrue();
                long after = handedOver[change - 1].get();
                Thread.onSpinWait();
                // Then
                assertThat(handedOver[change - 1].get()).isEqualTo(after);
            }
            over.set(true);
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
