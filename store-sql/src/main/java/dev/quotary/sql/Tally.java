package dev.quotary.sql;

import org.jspecify.annotations.Nullable;

/**
 * The committed use of one counter while postings are applied to it in the ledger's order.
 *
 * <p>An amount adds. A level sets, unless a newer level was set before: a report that comes late must not undo a newer one. What was
 * added before a level is part of it.
 */
final class Tally {
    private long used;
    private @Nullable Long levelTime;

    /** @param levelTime when the newest level was taken, in {@link Micros}; null if there was none */
    Tally(long used, @Nullable Long levelTime) {
        this.used = used;
        this.levelTime = levelTime;
    }

    long used() {
        return used;
    }

    @Nullable Long levelTime() {
        return levelTime;
    }

    void add(long amount) {
        used = Saturating.add(used, amount);
    }

    /** Takes off what was set back by hand. */
    void takeOff(long amount) {
        used = Math.max(0, used - amount);
    }

    /** Whether the level counts: false if a newer one is known. */
    boolean set(long level, long time) {
        if (levelTime != null && levelTime > time) {
            return false;
        }
        used = level;
        levelTime = time;
        return true;
    }
}
