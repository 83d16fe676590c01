package dev.quotary.sql.admission;

import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import org.jspecify.annotations.Nullable;

/** One counter as a transaction sees it: read under the lock of its organization, changed here, written back at the end. */
final class Cell {
    private final boolean stored;
    private long used;
    private long held;
    private boolean usedChanged;
    private boolean heldChanged;

    /** @param held null where no row says what is held */
    Cell(long used, @Nullable Long held) {
        this.stored = held != null;
        this.used = used;
        this.held = held == null ? 0 : held;
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

    boolean heldChanged() {
        return heldChanged;
    }

    boolean usedChanged() {
        return usedChanged;
    }

    /** What is held must stay countable even where no maximum bounds it. */
    boolean fits(Charge charge) {
        return charge.fits(used, held) && charge.amount() <= Long.MAX_VALUE - held;
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
