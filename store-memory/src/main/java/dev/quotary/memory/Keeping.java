package dev.quotary.memory;

import dev.quotary.limit.Hold;
import org.jspecify.annotations.Nullable;

/** Keeps granted holds beyond the memory of this process. */
interface Keeping {
    /** The memory of this process is all that there is. */
    Keeping NOWHERE = _ -> null;

    /** What {@link HoldJournal#read} makes the hold of again; null where it is kept nowhere else. */
    byte @Nullable [] keep(Hold granted);
}
