package dev.quotary.api.live;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last things that a channel has told, bounded in number and bytes: the oldest go. Safe for many threads. */
final class Ring {
    private final long bytesMax;
    /** Guarded by this, as everything that follows: an item is at its position modulo the length. */
    private final @Nullable Item[] items;

    private long bytes;
    private long first;
    private long next;

    Ring(int itemsMax, long bytesMax) {
        this.items = new Item[itemsMax];
        this.bytesMax = bytesMax;
    }

    /** The position of what is told next. */
    synchronized long next() {
        return next;
    }

    /** Whether something at or after a position is gone already. */
    synchronized boolean lost(long position) {
        return position < first;
    }

    /** @param item at {@link #next} */
    synchronized void add(Item item) {
        if (item.position() != next) {
            throw new IllegalStateException("expected position " + next + ", was " + item.position());
        }
        while (first < next && (next - first == items.length || bytes + item.bytes() > bytesMax)) {
            forgetFirst();
        }
        items[slot(next)] = item;
        bytes += item.bytes();
        next++;
    }

    private void forgetFirst() {
        var oldest = items[slot(first)];
        bytes -= oldest == null ? 0 : oldest.bytes();
        items[slot(first)] = null;
        first++;
    }

    private int slot(long position) {
        return (int) (position % items.length);
    }

    /** What follows from a position on, so many at most; only what is still there. */
    synchronized List<Item> from(long position, int count) {
        var found = new ArrayList<Item>();
        for (long at = Math.max(position, first); at < next && found.size() < count; at++) {
            var item = items[slot(at)];
            if (item != null) {
                found.add(item);
            }
        }
        return found;
    }

    /** The position after the item of an id; -1 if it is not there (any more). */
    synchronized long after(String id) {
        for (long at = next - 1; at >= first; at--) {
            var item = items[slot(at)];
            if (item != null && item.id().equals(id)) {
                return at + 1;
            }
        }
        return -1;
    }
}
