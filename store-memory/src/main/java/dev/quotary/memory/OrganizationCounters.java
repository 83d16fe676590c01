package dev.quotary.memory;

import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Past;
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
 * oldest leave first ({@link ExpiredHolds}). An expired hold that is asked for again is decided anew, because it has room no longer.
 *
 * <p>A step that grants first decides, then has the hold kept (which may fail), then changes state: a failure leaves nothing behind.
 */
final class OrganizationCounters {
    private static final int CLOSED_MAX = 10_000;
    /** Counters of ended windows are swept out when the map has grown by this many since the last sweep. */
    private static final int SWEEP_EVERY = 10_000;

    private final Map<CounterKey, Counter> counters = new HashMap<>();
    /** The live and the expired ones. */
    private final Map<ReservationId, HeldEntry> holds = new HashMap<>();

    private final ExpiredHolds expired = new ExpiredHolds();
    private final Map<ReservationId, Boolean> closed = bounded(CLOSED_MAX);
    private final ExpiryWheel wheel = new ExpiryWheel();
    private final Consumer<HeldEntry> expiry = this::expired;
    private final RoomListener room;
    private int live;
    private int sweepAt = SWEEP_EVERY;
    /** Holds that expired, in all. */
    private long expirations;
    /** The moment of the last step: where a counter that is made begins. */
    private Instant latest = Instant.MIN;

    OrganizationCounters(RoomListener room) {
        this.room = room;
    }

    Admission reserve(Hold proposal, Instant now, Keeping keeping) {
        advance(now);
        var entry = holds.get(proposal.id());
        if (entry != null && entry.fingerprint != proposal.fingerprint()) {
            return new Admission.Mismatch(entry.hold());
        }
        if (entry != null && !entry.expired) {
            var hold = entry.hold();
            return new Admission.Granted(hold, levels(hold.charges(), touched(hold.charges(), now)), true);
        }
        if (closed.containsKey(proposal.id())) {
            return new Admission.Closed();
        }
        var charges = proposal.charges();
        var touched = touched(charges, now);
        if (!allFit(charges, touched, now)) {
            return new Admission.Denied(levels(charges, touched));
        }
        var written = keeping.keep(proposal);
        if (entry != null) {
            drop(entry);
        }
        beginGraces(charges, touched, now);
        hold(proposal, touched, written);
        return new Admission.Granted(proposal, levels(charges, touched), false);
    }

    Admission extend(Hold larger, Instant now, Keeping keeping) {
        advance(now);
        var old = holds.get(larger.id());
        if (old == null || old.expired) {
            return new Admission.Closed();
        }
        var charges = larger.charges();
        var touched = touched(charges, now);
        free(old);
        var withoutIt = fullest(charges, touched);
        boolean fits = allFit(charges, touched, withoutIt, old, now);
        takeAgain(old);
        if (!fits) {
            return new Admission.Denied(withoutIt);
        }
        var written = keeping.keep(larger);
        drop(old);
        beginGraces(charges, touched, now);
        hold(larger, touched, written);
        return new Admission.Granted(larger, levels(charges, touched), false);
    }

    /** Puts a hold back that was granted before a restart: room is not asked for, it had it. */
    void restore(Hold hold, Instant now) {
        advance(now);
        if (holds.containsKey(hold.id()) || closed.containsKey(hold.id())) {
            return;
        }
        if (wheel.done(hold.expiresAt().getEpochSecond())) {
            var entry = new HeldEntry(hold, touched(hold.charges(), now), null);
            holds.put(hold.id(), entry);
            keepExpired(entry);
        } else {
            hold(hold, touched(hold.charges(), now), null);
        }
    }

    Optional<Hold> release(ReservationId id, Instant now) {
        advance(now);
        return Optional.ofNullable(close(id)).map(HeldEntry::hold);
    }

    Optional<Hold> find(ReservationId id, Instant now) {
        advance(now);
        return Optional.ofNullable(holds.get(id)).map(HeldEntry::hold);
    }

    void settle(ReservationId id, List<Posting> postings, Instant now) {
        advance(now);
        close(id);
        for (int i = 0; i < postings.size(); i++) {
            post(postings.get(i), now);
        }
    }

    /** Ends a hold, live or expired; null if there is none. */
    private @Nullable HeldEntry close(ReservationId id) {
        var entry = holds.get(id);
        if (entry != null) {
            drop(entry);
            closed.put(id, true);
        }
        return entry;
    }

    /** Use of a window that is over and forgotten decides nothing any more; it is in the ledger. */
    private void post(Posting posting, Instant now) {
        var key = posting.counter();
        var counter = counters.get(key.whole());
        if (counter == null) {
            if (!now.isBefore(key.countsUntil())) {
                return;
            }
            counter = counter(key);
        }
        if (posting.level()) {
            counter.set(key, posting.amount());
            room.freed(key);
        } else {
            counter.use(key, posting.amount());
        }
    }

    void correct(CounterKey key, long used) {
        counter(key).set(key, used);
        room.freed(key);
    }

    void exceeded(CounterKey key, @Nullable Instant at) {
        var known = counters.get(key.whole());
        if (known != null || at != null) {
            counter(key).exceededAt = at;
        }
    }

    /** Adds how much of everything there is. */
    LimiterCounts counts() {
        return new LimiterCounts(counters.size(), live, expirations);
    }

    /** As {@link #correct} sets it. */
    long committed(CounterKey key) {
        var counter = counters.get(key.whole());
        return counter == null ? 0 : counter.used(key);
    }

    Levels levels(List<CounterKey> keys, Instant now) {
        advance(now);
        var asked = keys.stream().map(key -> new Charge(key, 0, 0)).toList();
        return levels(asked, touched(asked, now));
    }

    /** The counters of the charges as they are now; null where nothing was ever counted. */
    private @Nullable Counter[] touched(List<Charge> charges, Instant now) {
        var touched = new @Nullable Counter[charges.size()];
        for (int i = 0; i < touched.length; i++) {
            var counter = counters.get(charges.get(i).counter().whole());
            if (counter != null) {
                counter.roll(now);
            }
            touched[i] = counter;
        }
        return touched;
    }

    private boolean allFit(List<Charge> charges, @Nullable Counter[] touched, Instant now) {
        for (int i = 0; i < touched.length; i++) {
            var charge = charges.get(i);
            var counter = touched[i];
            long used = counter == null ? 0 : counter.used;
            long held = counter == null ? 0 : counter.held;
            var past = past(charge.counter(), counter);
            if (!fits(charge, used, held, past == null ? Past.NONE : past, now)) {
                return false;
            }
        }
        return true;
    }

    /** Room is needed for what is held more than before: a hold that only lasts longer stays, though use has passed the maximum. */
    private static boolean allFit(
            List<Charge> charges, @Nullable Counter[] touched, Levels levels, HeldEntry old, Instant now) {
        for (int i = 0; i < touched.length; i++) {
            var counter = touched[i];
            var charge = charges.get(i);
            boolean more = counter == null || charge.amount() > old.amountOn(counter);
            if (more && !fits(charge, levels.used(i), levels.held(i), levels.past(i), now)) {
                return false;
            }
        }
        return true;
    }

    /** What is held must stay countable even where no maximum bounds it. */
    private static boolean fits(Charge charge, long used, long held, Past past, Instant now) {
        return charge.fits(used, held, past, now) && charge.amount() <= Long.MAX_VALUE - held;
    }

    /** Before the charges are taken: which of them pass beyond a maximum with grace for the first time. */
    private void beginGraces(List<Charge> charges, @Nullable Counter[] touched, Instant now) {
        for (int i = 0; i < touched.length; i++) {
            var charge = charges.get(i);
            if (charge.leeways().isEmpty()) {
                continue;
            }
            var counter = touched[i];
            var past = past(charge.counter(), counter);
            if (charge.beginsGrace(
                    counter == null ? 0 : counter.used,
                    counter == null ? 0 : counter.held,
                    past == null ? Past.NONE : past)) {
                var begun = counter == null ? counter(charge.counter()) : counter;
                begun.exceededAt = now;
                touched[i] = begun;
            }
        }
    }

    /** What is known of a counter beyond its numbers; null for nothing, as of most counters. */
    private @Nullable Past past(CounterKey key, @Nullable Counter counter) {
        var previous = key.previous();
        if (previous == null && (counter == null || (counter.slices == null && counter.exceededAt == null))) {
            return null;
        }
        var before = previous == null ? null : counters.get(previous);
        return new Past(
                before == null ? 0 : taken(before),
                counter == null ? null : counter.exceededAt,
                counter == null || counter.slices == null ? null : counter.slices.freesAt());
    }

    private static long taken(Counter counter) {
        return counter.used > Long.MAX_VALUE - counter.held ? Long.MAX_VALUE : counter.used + counter.held;
    }

    private void hold(Hold hold, @Nullable Counter[] touched, byte @Nullable [] written) {
        take(hold.charges(), touched);
        var entry = new HeldEntry(hold, touched, written);
        holds.put(hold.id(), entry);
        wheel.add(entry);
        live++;
    }

    private void take(List<Charge> charges, @Nullable Counter[] touched) {
        for (int i = 0; i < touched.length; i++) {
            var charge = charges.get(i);
            if (charge.amount() > 0) {
                var known = touched[i];
                var counter = known == null ? counter(charge.counter()) : known;
                counter.hold(charge.counter(), charge.amount());
                touched[i] = counter;
            }
        }
    }

    /** Takes back a {@link #free}. */
    private static void takeAgain(HeldEntry entry) {
        for (int i = 0; i < entry.counters.length; i++) {
            var counter = entry.counters[i];
            if (counter != null) {
                counter.hold(entry.key(i), entry.amount(i));
            }
        }
    }

    private void drop(HeldEntry entry) {
        holds.remove(entry.id);
        if (entry.expired) {
            expired.remove(entry);
            return;
        }
        wheel.remove(entry);
        live--;
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
        for (int i = 0; i < entry.counters.length; i++) {
            var counter = entry.counters[i];
            if (counter != null) {
                counter.free(entry.key(i), entry.amount(i));
            }
        }
    }

    /** Brings everything up to {@code now}; the first step of every operation, before any counter is looked up. */
    private void advance(Instant now) {
        latest = now;
        wheel.expire(now.getEpochSecond(), expiry);
        if (counters.size() >= sweepAt) {
            counters.values().removeIf(counter -> counter.idle(now));
            sweepAt = counters.size() + SWEEP_EVERY;
        }
    }

    private void expired(HeldEntry entry) {
        live--;
        free(entry);
        tell(entry);
        expirations++;
        keepExpired(entry);
    }

    private void keepExpired(HeldEntry entry) {
        entry.expired = true;
        expired.add(entry);
        for (var excess = expired.removeExcess(); excess != null; excess = expired.removeExcess()) {
            holds.remove(excess.id);
        }
    }

    private Counter counter(CounterKey key) {
        var known = counters.get(key.whole());
        if (known != null) {
            return known;
        }
        var made = new Counter(key.whole());
        made.roll(latest);
        counters.put(key.whole(), made);
        return made;
    }

    private Levels levels(List<Charge> charges, @Nullable Counter[] touched) {
        return levels(charges, touched, false);
    }

    /** As {@link #levels(List, Counter[])}, but of sliding windows the fullest stretch over the charge's slice. */
    private Levels fullest(List<Charge> charges, @Nullable Counter[] touched) {
        return levels(charges, touched, true);
    }

    private Levels levels(List<Charge> charges, @Nullable Counter[] touched, boolean fullest) {
        long[] used = new long[touched.length];
        long[] held = new long[touched.length];
        @Nullable Past[] past = null;
        for (int i = 0; i < touched.length; i++) {
            var key = charges.get(i).counter();
            var counter = touched[i];
            if (counter != null && counter.slices != null && fullest) {
                var peak = counter.slices.peak(key.window().start());
                used[i] = peak.used();
                held[i] = peak.held();
            } else if (counter != null) {
                used[i] = counter.used;
                held[i] = counter.held;
            }
            var more = past(key, counter);
            if (more != null) {
                past = past == null ? new @Nullable Past[touched.length] : past;
                past[i] = more;
            }
        }
        return new Levels(used, held, past);
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
