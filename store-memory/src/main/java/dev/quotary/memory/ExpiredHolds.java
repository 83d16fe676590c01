package dev.quotary.memory;

import org.jspecify.annotations.Nullable;

/**
 * Expired holds in line, the oldest first: kept for a late commit, up to a bound in number and one in bytes, as callers may reserve as
 * often as they like, with metadata, and never settle. Not safe for many threads.
 */
final class ExpiredHolds {
    static final int KEPT_MAX = 50_000;
    /** For holds with much metadata; 50,000 without take less. */
    static final long KEPT_BYTES_MAX = 32L << 20;

    private @Nullable HeldEntry oldest;
    private @Nullable HeldEntry newest;
    private int size;
    private long bytes;

    /** @param entry of no other list */
    void add(HeldEntry entry) {
        var before = newest;
        entry.previous = before;
        entry.next = null;
        if (before == null) {
            oldest = entry;
        } else {
            before.next = entry;
        }
        newest = entry;
        size++;
        bytes += entry.bytes();
    }

    void remove(HeldEntry entry) {
        var before = entry.previous;
        var after = entry.next;
        if (before == null) {
            oldest = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
        size--;
        bytes -= entry.bytes();
    }

    /** Takes the oldest out where there are more than may be kept; null where there are not. */
    @Nullable HeldEntry removeExcess() {
        var first = oldest;
        if (first == null || (size <= KEPT_MAX && bytes <= KEPT_BYTES_MAX)) {
            return null;
        }
        remove(first);
        return first;
    }
}
