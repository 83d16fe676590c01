package dev.quotary.catalog;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets whoever changes something wait until everybody who may still go by the old state is through, without ever holding anybody up.
 *
 * <p>Whoever passes counts himself in under the number of the current turn and out again; who waits begins a new turn and waits until
 * the count of the old one is 0. Two counts are enough, as one waits at a time.
 */
final class Passages {
    private static final long PAUSE_NANOS = 50_000;

    private final AtomicLong[] inside = {new AtomicLong(), new AtomicLong()};
    private volatile long turn;

    /** What a passage does while it is inside; it must be short. */
    interface Passage<T> {
        T pass();
    }

    <T> T pass(Passage<T> passage) {
        var count = enter();
        try {
            return passage.pass();
        } finally {
            count.decrementAndGet();
        }
    }

    private AtomicLong enter() {
        while (true) {
            long now = turn;
            var count = inside[(int) (now & 1)];
            count.incrementAndGet();
            if (turn == now) {
                return count;
            }
            count.decrementAndGet();
        }
    }

    /**
     * Returns once everybody who was inside when it was called is out.
     *
     * @return false if somebody still was inside after {@code secondsMax}
     */
    synchronized boolean await(long secondsMax) {
        var before = inside[(int) (turn & 1)];
        turn++;
        long tries = TimeUnit.SECONDS.toNanos(secondsMax) / PAUSE_NANOS;
        for (long left = tries; before.get() != 0; left--) {
            if (left == 0) {
                return false;
            }
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        return true;
    }
}
