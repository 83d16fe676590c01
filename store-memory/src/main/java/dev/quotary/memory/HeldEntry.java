package dev.quotary.memory;

import dev.quotary.limit.Hold;
import org.jspecify.annotations.Nullable;

/** A hold in its place in the {@link ExpiryWheel}: a node of the doubly linked list of one slot. */
final class HeldEntry {
    final Hold hold;
    /** The counters of the hold's charges, in their order; may be null where the charge is 0. */
    final @Nullable Counter[] counters;

    final long expirySecond;

    int slot;

    @Nullable HeldEntry previous;

    @Nullable HeldEntry next;

    HeldEntry(Hold hold, @Nullable Counter[] counters) {
        this.hold = hold;
        this.counters = counters;
        this.expirySecond = hold.expiresAt().getEpochSecond();
    }

    /** What the hold has on a counter; 0 where it has nothing. */
    long amountOn(Counter counter) {
        for (int i = 0; i < counters.length; i++) {
            if (counters[i] == counter) {
                return hold.charges().get(i).amount();
            }
        }
        return 0;
    }
}
