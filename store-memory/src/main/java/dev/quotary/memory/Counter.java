package dev.quotary.memory;

import dev.quotary.limit.CounterKey;
import java.time.Instant;

/** One counter's two numbers; guarded by the lock of its organization. */
final class Counter {
    final CounterKey key;
    long used;
    long held;

    Counter(CounterKey key) {
        this.key = key;
    }

    /** Adds committed use; stops at the largest number instead of wrapping, where every maximum is passed anyway. */
    void use(long amount) {
        used = amount > Long.MAX_VALUE - used ? Long.MAX_VALUE : used + amount;
    }

    /** Whether forgetting it changes no answer: nothing held, and nothing used or the window over. */
    boolean idle(Instant now) {
        return held == 0 && (used == 0 || !now.isBefore(key.window().end()));
    }

    void hold(long amount) {
        held = Math.addExact(held, amount);
    }

    void free(long amount) {
        if (amount > held) {
            throw new IllegalStateException("counter " + key + " would hold " + (held - amount));
        }
        held -= amount;
    }
}
