package dev.quotary.limit;

import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The slices of one sliding counter, and their sums: the same arithmetic for every adapter, whether it keeps this object or fills it
 * from rows for one decision.
 *
 * <p>Entries are sorted by the start of their slice and fall into four runs: forgotten soon, over, counting, not begun. {@link #roll}
 * moves the borders between them with time; as each entry crosses each border once, a step costs constant time on average, whatever the
 * number of slices. Those that are over are kept for one more window, because an extension asks for room in the window of its
 * reservation ({@link #peak}). Not safe for many threads.
 */
public final class Slices {
    private static final int CAPACITY_FIRST = 4;

    private final long length;
    private final long slice;
    private long[] starts = new long[CAPACITY_FIRST];
    private long[] used = new long[CAPACITY_FIRST];
    private long[] held = new long[CAPACITY_FIRST];
    private int size;
    /** The entries that count: from this one ... */
    private int from;
    /** ... to before this one. */
    private int to;

    private long rolledTo = Long.MIN_VALUE;
    private final WideSum usedSum = new WideSum();
    private final WideSum heldSum = new WideSum();

    /** Use and holds in the fullest stretch that contains a slice. */
    public record Peak(long used, long held) {
        /** What is answered where nothing is known any more: no room. */
        static final Peak UNKNOWN = new Peak(Long.MAX_VALUE, 0);
    }

    public Slices(WindowSpec.Sliding spec) {
        this.length = spec.length().toSeconds();
        this.slice = spec.slice().toSeconds();
    }

    /** Brings the sums up to {@code now}; an earlier instant than before changes nothing. */
    public void roll(Instant now) {
        long second = now.getEpochSecond();
        if (second <= rolledTo) {
            return;
        }
        rolledTo = second;
        while (to < size && begun(starts[to])) {
            usedSum.add(used[to]);
            heldSum.add(held[to]);
            to++;
        }
        while (from < to && over(starts[from])) {
            usedSum.subtract(used[from]);
            heldSum.subtract(held[from]);
            from++;
        }
        int forgotten = 0;
        while (forgotten < from && forgotten(starts[forgotten])) {
            forgotten++;
        }
        // Half of them at once, so that moving the rest costs each entry no more than one move.
        if (forgotten > size / 2) {
            forget(forgotten);
        }
    }

    private boolean begun(long start) {
        return start <= rolledTo;
    }

    /** At the last instant of the slice a use was a whole window ago. */
    private boolean over(long start) {
        return start + slice + length <= rolledTo;
    }

    private boolean forgotten(long start) {
        return start + slice + 2 * length <= rolledTo;
    }

    private void forget(int count) {
        for (var column : new long[][] {starts, used, held}) {
            System.arraycopy(column, count, column, 0, size - count);
        }
        size -= count;
        from -= count;
        to -= count;
    }

    /** Committed use of the slices that count. */
    public long used() {
        return usedSum.saturated();
    }

    /** Holds of the slices that count. */
    public long held() {
        return heldSum.saturated();
    }

    /** When the oldest use or hold that counts will have left the window; null where none counts. */
    public @Nullable Instant freesAt() {
        for (int i = from; i < to; i++) {
            if (used[i] > 0 || held[i] > 0) {
                return Instant.ofEpochSecond(starts[i] + slice + length);
            }
        }
        return null;
    }

    /** Whether nothing that is known can matter any more. */
    public boolean idle() {
        return size == 0 || forgotten(starts[size - 1]);
    }

    public long used(Instant start) {
        int at = find(start.getEpochSecond());
        return at < 0 ? 0 : used[at];
    }

    /** Sets the committed use of a slice. */
    public void use(Instant start, long exactly) {
        int at = entry(start.getEpochSecond());
        if (at >= 0) {
            if (counts(at)) {
                usedSum.subtract(used[at]);
                usedSum.add(exactly);
            }
            used[at] = exactly;
        }
    }

    /** Holds more in a slice. */
    public void hold(Instant start, long amount) {
        int at = entry(start.getEpochSecond());
        if (at >= 0) {
            held[at] = Math.addExact(held[at], amount);
            if (counts(at)) {
                heldSum.add(amount);
            }
        }
    }

    /** Holds less in a slice; one that is forgotten holds nothing any more. */
    public void free(Instant start, long amount) {
        int at = find(start.getEpochSecond());
        if (at < 0) {
            return;
        }
        if (amount > held[at]) {
            throw new IllegalStateException("slice " + start + " would hold " + (held[at] - amount));
        }
        held[at] -= amount;
        if (counts(at)) {
            heldSum.subtract(amount);
        }
    }

    private boolean counts(int at) {
        return at >= from && at < to;
    }

    /**
     * Use and holds in the fullest of all stretches of the window's length that touch a slice: what an amount that is added to that
     * slice later must have room beside. The slices that count now would not do: what they have room for may have had none then.
     */
    public Peak peak(Instant start) {
        long at = start.getEpochSecond();
        if (over(at)) {
            return Peak.UNKNOWN;
        }
        var peak = sum(at);
        for (int i = 0; i < size && starts[i] <= at; i++) {
            if (starts[i] >= at - length) {
                peak = fuller(peak, sum(starts[i]));
            }
        }
        return peak;
    }

    private Peak sum(long first) {
        var usedThere = new WideSum();
        var heldThere = new WideSum();
        for (int i = 0; i < size; i++) {
            if (starts[i] >= first && starts[i] <= first + length) {
                usedThere.add(used[i]);
                heldThere.add(held[i]);
            }
        }
        return new Peak(usedThere.saturated(), heldThere.saturated());
    }

    private static Peak fuller(Peak one, Peak other) {
        return WideSum.saturated(other.used, other.held) > WideSum.saturated(one.used, one.held) ? other : one;
    }

    private int find(long start) {
        for (int i = size - 1; i >= 0 && starts[i] >= start; i--) {
            if (starts[i] == start) {
                return i;
            }
        }
        return -1;
    }

    /** The place of a slice, made if it is not there; negative for one so old that it matters no more. */
    private int entry(long start) {
        int place = size;
        while (place > 0 && starts[place - 1] >= start) {
            place--;
        }
        if (place < size && starts[place] == start) {
            return place;
        }
        return forgotten(start) ? -1 : insert(place, start);
    }

    private int insert(int place, long start) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
            used = Arrays.copyOf(used, 2 * size);
            held = Arrays.copyOf(held, 2 * size);
        }
        for (var column : new long[][] {starts, used, held}) {
            System.arraycopy(column, place, column, place + 1, size - place);
        }
        starts[place] = start;
        used[place] = 0;
        held[place] = 0;
        size++;
        from += over(start) ? 1 : 0;
        to += begun(start) ? 1 : 0;
        return place;
    }
}
