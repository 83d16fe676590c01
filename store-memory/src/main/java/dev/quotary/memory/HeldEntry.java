package dev.quotary.memory;

import dev.quotary.call.ReservationId;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hold in its place in the {@link ExpiryWheel}: a node of the doubly linked list of one slot; or, once expired, in the line of those.
 *
 * <p>As few objects as possible: under load hundreds of thousands of holds live just long enough to be copied by the collector of
 * garbage, each of them three dozen objects otherwise. Where the journal has written the hold, the bytes of its record stand for it; and
 * of its charges only numbers are kept, beside the counters that they are on.
 */
final class HeldEntry {
    /** About what an entry takes beside what stands for its hold. */
    private static final int ENTRY_BYTES = 256;

    private static final int HOLD_BYTES = 256;

    final ReservationId id;
    final long fingerprint;
    final long expirySecond;
    /** The counters of the hold's charges, in their order; may be null where the charge is 0. */
    final @Nullable Counter[] counters;

    private final @Nullable Hold hold;
    private final byte @Nullable [] written;
    /** Amount and maximum of each charge, in turn; null where the charges say more. */
    private final long @Nullable [] numbers;

    private final @Nullable List<Charge> charges;

    int slot;
    boolean expired;

    @Nullable HeldEntry previous;

    @Nullable HeldEntry next;

    /** @param written the {@link HoldJournal#record} of the hold; null where it is written nowhere */
    HeldEntry(Hold hold, @Nullable Counter[] counters, byte @Nullable [] written) {
        this.id = hold.id();
        this.fingerprint = hold.fingerprint();
        this.expirySecond = hold.expiresAt().getEpochSecond();
        this.counters = counters;
        this.hold = written == null ? hold : null;
        this.written = written;
        this.numbers = numbers(hold.charges(), counters);
        this.charges = numbers == null ? hold.charges() : null;
    }

    private static long @Nullable [] numbers(List<Charge> charges, @Nullable Counter[] counters) {
        long[] numbers = new long[2 * counters.length];
        for (int i = 0; i < counters.length; i++) {
            var counter = counters[i];
            var charge = charges.get(i);
            if (counter == null
                    || counter.slices != null
                    || charge.counter().previous() != null
                    || !charge.leeways().isEmpty()) {
                return null;
            }
            numbers[2 * i] = charge.amount();
            numbers[2 * i + 1] = charge.maximum();
        }
        return numbers;
    }

    long amount(int index) {
        return numbers == null ? charge(index).amount() : numbers[2 * index];
    }

    /** Whose counter, in which window or slice. */
    CounterKey key(int index) {
        var counter = counters[index];
        return numbers == null || counter == null ? charge(index).counter() : counter.key;
    }

    private Charge charge(int index) {
        if (charges == null) {
            throw new IllegalStateException("hold " + id + " has numbers in the place of its charges");
        }
        return charges.get(index);
    }

    /** What the hold has on a counter; 0 where it has nothing. */
    long amountOn(Counter counter) {
        for (int i = 0; i < counters.length; i++) {
            if (counters[i] == counter) {
                return amount(i);
            }
        }
        return 0;
    }

    /** The hold, as it was granted. */
    Hold hold() {
        if (hold != null) {
            return hold;
        }
        if (written == null) {
            throw new IllegalStateException("nothing stands for hold " + id);
        }
        return HoldJournal.read(written).charged(charges());
    }

    private List<Charge> charges() {
        if (charges != null) {
            return charges;
        }
        var made = new ArrayList<Charge>(counters.length);
        for (int i = 0; numbers != null && i < counters.length; i++) {
            made.add(new Charge(key(i), numbers[2 * i], numbers[2 * i + 1]));
        }
        return made;
    }

    /** About what it takes in memory. */
    long bytes() {
        if (written != null) {
            return (long) ENTRY_BYTES + written.length;
        }
        return ENTRY_BYTES
                + HOLD_BYTES
                + (hold == null ? 0 : 2L * hold.metadata().length());
    }
}
