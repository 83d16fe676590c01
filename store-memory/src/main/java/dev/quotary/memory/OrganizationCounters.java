package dev.quotary.memory;

import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Posting;
import dev.quotary.limit.RoomListener;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counters and holds of one organization; guarded by the lock of {@link MemoryLimiter}.
 *
 * <p>Three sets of reservations, no id in two of them: live holds, which count; expired ones, which count nothing and are kept for a
 * late commit; and the ids of those closed last, so that a repeated request is not admitted twice. The last two are bounded, the
 * oldest leave first. An expired hold that is asked for again is decided anew, because it has room no longer.
 *
 * <p>A step that grants first decides, then has the hold kept (which may fail), then changes state: a failure leaves nothing behind.
 */
final class OrganizationCounters {
    private static final int EXPIRED_MAX = 50_000;
    private static final int CLOSED_MAX = 10_000;
    /** Counters of ended windows are swept out when the map has grown by this many since the last sweep. */
    private static final int SWEEP_EVERY = 10_000;

    private final Map<CounterKey, Counter> counters = new HashMap<>();
    private final Map<ReservationId, HeldEntry> live = new HashMap<>();
    private final Map<ReservationId, Hold> expired = bounded(EXPIRED_MAX);
    private final Map<ReservationId, Boolean> closed = bounded(CLOSED_MAX);
    private final ExpiryWheel wheel = new ExpiryWheel();
    private final Consumer<HeldEntry> expiry = this::expired;
    private final RoomListener room;
    private int sweepAt = SWEEP_EVERY;
    /** Holds that expired, in all. */
    private long expirations;

    OrganizationCounters(RoomListener room) {
        this.room = room;
    }

    Admission reserve(Hold proposal, Instant now, Consumer<Hold> keep) {
        advance(now);
        var entry = live.get(proposal.id());
        var known = entry == null ? expired.get(proposal.id()) : entry.hold;
        if (known != null && known.fingerprint() != proposal.fingerprint()) {
            return new Admission.Mismatch(known);
        }
        if (entry != null) {
            return new Admission.Granted(entry.hold, levels(touched(entry.hold.charges())), true);
        }
        if (closed.containsKey(proposal.id())) {
            return new Admission.Closed();
        }
        var touched = touched(proposal.charges());
        if (!allFit(proposal.charges(), touched)) {
            return new Admission.Denied(levels(touched));
        }
        keep.accept(proposal);
        expired.remove(proposal.id());
        hold(proposal, touched);
        return new Admission.Granted(proposal, levels(touched), false);
    }

    Admission extend(Hold larger, Instant now, Consumer<Hold> keep) {
        advance(now);
        var old = live.get(larger.id());
        if (old == null) {
            return new Admission.Closed();
        }
        var touched = touched(larger.charges());
        free(old);
        boolean fits = allFit(larger.charges(), touched, old);
        var withoutIt = levels(touched);
        take(old.hold.charges(), old.counters);
        if (!fits) {
            return new Admission.Denied(withoutIt);
        }
        keep.accept(larger);
        drop(old);
        hold(larger, touched);
        return new Admission.Granted(larger, levels(touched), false);
    }

    /** Puts a hold back that was granted before a restart: room is not asked for, it had it. */
    void restore(Hold hold, Instant now) {
        advance(now);
        if (live.containsKey(hold.id()) || expired.containsKey(hold.id()) || closed.containsKey(hold.id())) {
            return;
        }
        if (wheel.done(hold.expiresAt().getEpochSecond())) {
            expired.put(hold.id(), hold);
        } else {
            hold(hold, touched(hold.charges()));
        }
    }

    Optional<Hold> release(ReservationId id, Instant now) {
        advance(now);
        return close(id);
    }

    Optional<Hold> find(ReservationId id, Instant now) {
        advance(now);
        var entry = live.get(id);
        return Optional.ofNullable(entry == null ? expired.get(id) : entry.hold);
    }

    void settle(ReservationId id, List<Posting> postings, Instant now) {
        advance(now);
        close(id);
        for (int i = 0; i < postings.size(); i++) {
            post(postings.get(i), now);
        }
    }

    /** Ends a hold, live or expired; empty if there is none. */
    private Optional<Hold> close(ReservationId id) {
        var entry = live.get(id);
        if (entry != null) {
            drop(entry);
        }
        var hold = entry == null ? expired.remove(id) : entry.hold;
        if (hold != null) {
            closed.put(id, true);
        }
        return Optional.ofNullable(hold);
    }

    /** Use of a window that is over and forgotten decides nothing any more; it is in the ledger. */
    private void post(Posting posting, Instant now) {
        var key = posting.counter();
        var counter = counters.get(key);
        if (counter == null) {
            if (!now.isBefore(key.window().end())) {
                return;
            }
            counter = counter(key);
        }
        if (posting.level()) {
            counter.used = posting.amount();
            room.freed(key);
        } else {
            counter.use(posting.amount());
        }
    }

    void correct(CounterKey key, long used) {
        counter(key).used = used;
        room.freed(key);
    }

    /** Adds how much of everything there is. */
    LimiterCounts counts() {
        return new LimiterCounts(counters.size(), live.size(), expirations);
    }

    /** As {@link #correct} sets it. */
    long committed(CounterKey key) {
        var counter = counters.get(key);
        return counter == null ? 0 : counter.used;
    }

    Levels levels(List<CounterKey> keys, Instant now) {
        advance(now);
        var touched = new @Nullable Counter[keys.size()];
        for (int i = 0; i < touched.length; i++) {
            touched[i] = counters.get(keys.get(i));
        }
        return levels(touched);
    }

    /** The counters of the charges as they are now; null where nothing was ever counted. */
    private @Nullable Counter[] touched(List<Charge> charges) {
        var touched = new @Nullable Counter[charges.size()];
        for (int i = 0; i < touched.length; i++) {
            touched[i] = counters.get(charges.get(i).counter());
        }
        return touched;
    }

    private static boolean allFit(List<Charge> charges, @Nullable Counter[] touched) {
        for (int i = 0; i < touched.length; i++) {
            if (!fits(charges.get(i), touched[i])) {
                return false;
            }
        }
        return true;
    }

    /** Room is needed for what is held more than before: a hold that only lasts longer stays, though use has passed the maximum. */
    private static boolean allFit(List<Charge> charges, @Nullable Counter[] touched, HeldEntry old) {
        for (int i = 0; i < touched.length; i++) {
            var counter = touched[i];
            var charge = charges.get(i);
            boolean more = counter == null || charge.amount() > old.amountOn(counter);
            if (more && !fits(charge, counter)) {
                return false;
            }
        }
        return true;
    }

    /** What is held must stay countable even where no maximum bounds it. */
    private static boolean fits(Charge charge, @Nullable Counter counter) {
        return counter == null
                ? charge.fits(0, 0)
                : charge.fits(counter.used, counter.held) && charge.amount() <= Long.MAX_VALUE - counter.held;
    }

    private void hold(Hold hold, @Nullable Counter[] touched) {
        take(hold.charges(), touched);
        var entry = new HeldEntry(hold, touched);
        live.put(hold.id(), entry);
        wheel.add(entry);
    }

    private void take(List<Charge> charges, @Nullable Counter[] touched) {
        for (int i = 0; i < touched.length; i++) {
            var charge = charges.get(i);
            if (charge.amount() > 0) {
                var known = touched[i];
                var counter = known == null ? counter(charge.counter()) : known;
                counter.hold(charge.amount());
                touched[i] = counter;
            }
        }
    }

    private void drop(HeldEntry entry) {
        live.remove(entry.hold.id());
        wheel.remove(entry);
        free(entry);
        tell(entry);
    }

    /** Apart from {@link #free}, which an extension undoes. */
    private void tell(HeldEntry entry) {
        for (int i = 0; i < entry.counters.length; i++) {
            var counter = entry.counters[i];
            if (counter != null) {
                room.freed(counter.key);
            }
        }
    }

    private static void free(HeldEntry entry) {
        var charges = entry.hold.charges();
        for (int i = 0; i < entry.counters.length; i++) {
            var counter = entry.counters[i];
            if (counter != null) {
                counter.free(charges.get(i).amount());
            }
        }
    }

    /** Brings everything up to {@code now}; the first step of every operation, before any counter is looked up. */
    private void advance(Instant now) {
        wheel.expire(now.getEpochSecond(), expiry);
        if (counters.size() >= sweepAt) {
            counters.values().removeIf(counter -> counter.idle(now));
            sweepAt = counters.size() + SWEEP_EVERY;
        }
    }

    private void expired(HeldEntry entry) {
        live.remove(entry.hold.id());
        free(entry);
        tell(entry);
        expirations++;
        expired.put(entry.hold.id(), entry.hold);
    }

    private Counter counter(CounterKey key) {
        return counters.computeIfAbsent(key, Counter::new);
    }

    private static Levels levels(@Nullable Counter[] touched) {
        long[] used = new long[touched.length];
        long[] held = new long[touched.length];
        for (int i = 0; i < touched.length; i++) {
            var counter = touched[i];
            if (counter != null) {
                used[i] = counter.used;
                held[i] = counter.held;
            }
        }
        return new Levels(used, held);
    }

    private static <V> Map<ReservationId, V> bounded(int sizeMax) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ReservationId, V> eldest) {
                return size() > sizeMax;
            }
        };
    }
}
