package dev.quotary.memory;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds expired holds in constant time: a ring of one slot a second, each a doubly linked list.
 *
 * <p>Adding and removing touch one list. Expiry is exact because holds expire at whole seconds. A hold further away than the ring is
 * long shares a slot with nearer ones and is passed over until its time. A hold that is added when its second was processed already
 * waits in the slot of the next second, because its own comes up again only after a full turn. A heap would cost a logarithm per hold
 * and would keep settled holds until they come up. Not safe for many threads.
 */
final class ExpiryWheel {
    private static final int SLOTS = 1024;

    private final @Nullable HeldEntry[] heads = new @Nullable HeldEntry[SLOTS];
    private long doneSecond = Long.MIN_VALUE;
    private int size;

    void add(HeldEntry entry) {
        entry.slot = slot(done(entry.expirySecond) ? doneSecond + 1 : entry.expirySecond);
        var head = heads[entry.slot];
        entry.next = head;
        if (head != null) {
            head.previous = entry;
        }
        heads[entry.slot] = entry;
        size++;
    }

    void remove(HeldEntry entry) {
        var previous = entry.previous;
        var next = entry.next;
        if (previous == null) {
            heads[entry.slot] = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        entry.previous = null;
        entry.next = null;
        size--;
    }

    /** Whether everything that expires at this second was handed out already. */
    boolean done(long second) {
        return second <= doneSecond;
    }

    /** Removes every entry that expires at or before {@code second} and hands it to {@code each}. */
    void expire(long second, Consumer<HeldEntry> each) {
        if (done(second)) {
            return;
        }
        long first = Math.max(doneSecond + 1, second - SLOTS + 1);
        doneSecond = second;
        if (size == 0) {
            return;
        }
        for (long at = first; at <= second; at++) {
            expireSlot(slot(at), second, each);
        }
    }

    private void expireSlot(int slot, long second, Consumer<HeldEntry> each) {
        var entry = heads[slot];
        while (entry != null) {
            var next = entry.next;
            if (entry.expirySecond <= second) {
                remove(entry);
                each.accept(entry);
            }
            entry = next;
        }
    }

    private static int slot(long second) {
        return Math.floorMod(second, SLOTS);
    }
}
