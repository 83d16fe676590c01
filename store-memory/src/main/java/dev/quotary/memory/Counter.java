package dev.quotary.memory;

import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Slices;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One counter's two numbers; guarded by the lock of its organization.
 *
 * <p>Of a sliding window it is the whole, and the two numbers are the sums of its slices as of the last {@link #roll}.
 */
final class Counter {
    final CounterKey key;
    final @Nullable Slices slices;
    long used;
    long held;
    /** When its grace began; null for not yet. */
    @Nullable Instant exceededAt;

    /** @param key a {@link CounterKey#whole} one */
    Counter(CounterKey key) {
        this.key = key;
        this.slices = key.counted().window() instanceof WindowSpec.Sliding sliding ? new Slices(sliding) : null;
    }

    /** Brings a sliding window up to {@code now}. */
    void roll(Instant now) {
        if (slices != null) {
            slices.roll(now);
            sum(slices);
        }
    }

    private void sum(Slices all) {
        used = all.used();
        held = all.held();
    }

    /** Adds committed use; stops at the largest number instead of wrapping, where every maximum is passed anyway. */
    void use(CounterKey in, long amount) {
        long before = used(in);
        set(in, amount > Long.MAX_VALUE - before ? Long.MAX_VALUE : before + amount);
    }

    /** Committed use in a window, or in a slice of it. */
    long used(CounterKey in) {
        return slices == null ? used : slices.used(in.window().start());
    }

    void set(CounterKey in, long exactly) {
        if (slices == null) {
            used = exactly;
        } else {
            slices.use(in.window().start(), exactly);
            sum(slices);
        }
    }

    /** Whether forgetting it changes no answer: nothing held, and nothing used or no longer of any matter. */
    boolean idle(Instant now) {
        if (slices != null) {
            roll(now);
            return slices.idle();
        }
        return held == 0 && ((used == 0 && exceededAt == null) || !now.isBefore(key.countsUntil()));
    }

    void hold(CounterKey in, long amount) {
        if (slices == null) {
            held = Math.addExact(held, amount);
        } else {
            slices.hold(in.window().start(), amount);
            sum(slices);
        }
    }

    void free(CounterKey in, long amount) {
        if (slices != null) {
            slices.free(in.window().start(), amount);
            sum(slices);
            return;
        }
        if (amount > held) {
            throw new IllegalStateException("counter " + key + " would hold " + (held - amount));
        }
        held -= amount;
    }
}
