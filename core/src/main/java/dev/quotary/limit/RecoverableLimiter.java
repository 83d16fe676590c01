package dev.quotary.limit;

import java.time.Instant;
import java.util.List;

/** A limiter that decides in this process and keeps its holds where they outlive it. After a start it takes them up again. */
public interface RecoverableLimiter extends Limiter {
    /** Holds that the last run neither settled nor released, oldest first, without their charges. */
    List<Hold> openHolds();

    /**
     * Puts one of {@link #openHolds} back, without asking for room: it was granted then. One that has expired meanwhile charges nothing
     * and is kept for a late commit. Repeating is harmless; an id that is known already stays as it is.
     *
     * @param hold with the charges that its call has under the limits of today
     */
    void restore(Hold hold, Instant now);
}
