package dev.quotary.sql.admission;

import dev.quotary.limit.CounterKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One counter as a transaction sees it: read under the lock of its organization, changed here, written back at the end. */
final class Cell {
    private final boolean stored;
    private long used;
    private long held;
    private @Nullable Instant exceededAt;
    private boolean usedChanged;
    private boolean heldChanged;

    /** @param held null where no row says what is held */
    Cell(long used, @Nullable Long held, @Nullable Instant exceededAt) {
        this.stored = held != null;
        this.used = used;
        this.held = held == null ? 0 : held;
        this.exceededAt = exceededAt;
    }

    /** Both together, where use and holds were read apart from each other. */
    Cell and(Cell other) {
        return new Cell(used + other.used, stored ? (Long) held : other.stored ? (Long) other.held : null, exceededAt);
    }

    /** When its grace began; null for not yet. */
    @Nullable Instant exceededAt() {
        return exceededAt;
    }

    /** Sets when its grace began; null for not (any more). Kept to the microsecond, as the row keeps it. */
    void exceeded(@Nullable Instant instant) {
        var at = instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS);
        heldChanged |= !Objects.equals(at, exceededAt);
        exceededAt = at;
    }

    /** Used and held together. */
    long taken() {
        return used > Long.MAX_VALUE - held ? Long.MAX_VALUE : used + held;
    }

    long used() {
        return used;
    }

    long held() {
        return held;
    }

    /** Whether there is a row for what is held. */
    boolean stored() {
        return stored;
    }

    /** Whether its row is to be written: what is held, or when its grace began. */
    boolean heldChanged() {
        return heldChanged;
    }

    boolean usedChanged() {
        return usedChanged;
    }

    void hold(long amount) {
        held = Math.addExact(held, amount);
        heldChanged |= amount > 0;
    }

    void free(CounterKey counter, long amount) {
        if (amount > held) {
            throw new IllegalStateException("counter " + counter + " would hold " + (held - amount));
        }
        held -= amount;
        heldChanged |= amount > 0;
    }

    /** Adds committed use; stops at the largest number instead of wrapping, where every maximum is passed anyway. */
    void use(long amount) {
        long sum = amount > Long.MAX_VALUE - used ? Long.MAX_VALUE : used + amount;
        used = sum;
        usedChanged = true;
    }

    void set(long amount) {
        used = amount;
        usedChanged = true;
    }
}
