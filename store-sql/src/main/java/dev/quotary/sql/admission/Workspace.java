package dev.quotary.sql.admission;

import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Posting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a transaction has read, and the decisions on it.
 *
 * <p>The same decisions as those of the limiter in process: a hold is taken on every counter or on none; a reservation is held, expired
 * (counts nothing, may commit late) or closed. Everything here was read under the locks of its organizations, so that it stays true until
 * the transaction ends.
 */
final class Workspace {
    private final Map<CounterKey, Cell> cells = new HashMap<>();
    private final Map<HoldKey, Entry> entries = new HashMap<>();

    Map<CounterKey, Cell> cells() {
        return cells;
    }

    Map<HoldKey, Entry> entries() {
        return entries;
    }

    Cell cell(CounterKey counter) {
        return Objects.requireNonNull(cells.get(counter), "a counter that was not read");
    }

    private Entry entry(HoldKey key) {
        return entries.computeIfAbsent(key, _ -> Entry.unknown());
    }

    /** Takes a hold whose time is over out of the counters. */
    void expire(Entry entry) {
        free(Objects.requireNonNull(entry.hold(), "a live reservation has a hold"));
        entry.expire();
    }

    Admission reserve(Hold proposal) {
        var entry = entry(HoldKey.of(proposal));
        var known = entry.hold();
        if (known != null && known.fingerprint() != proposal.fingerprint()) {
            return new Admission.Mismatch(known);
        }
        if (known != null && entry.state() == Entry.State.HELD) {
            return new Admission.Granted(known, chargedLevels(known.charges()), true);
        }
        if (entry.state() == Entry.State.CLOSED) {
            return new Admission.Closed();
        }
        if (!allFit(proposal.charges())) {
            return new Admission.Denied(chargedLevels(proposal.charges()));
        }
        take(proposal);
        entry.hold(proposal);
        return new Admission.Granted(proposal, chargedLevels(proposal.charges()), false);
    }

    Admission extend(Hold larger) {
        var entry = entry(HoldKey.of(larger));
        var old = entry.hold();
        if (old == null || entry.state() != Entry.State.HELD) {
            return new Admission.Closed();
        }
        free(old);
        if (!moreFits(larger, old)) {
            var withoutIt = chargedLevels(larger.charges());
            take(old);
            return new Admission.Denied(withoutIt);
        }
        take(larger);
        entry.hold(larger);
        return new Admission.Granted(larger, chargedLevels(larger.charges()), false);
    }

    /** Ends a hold, live or expired; empty if there is none. */
    Optional<Hold> close(HoldKey key) {
        var entry = entry(key);
        var hold = entry.hold();
        if (hold == null) {
            return Optional.empty();
        }
        if (entry.state() == Entry.State.HELD) {
            free(hold);
        }
        entry.close();
        return Optional.of(hold);
    }

    Optional<Hold> settle(HoldKey key, List<Posting> postings) {
        var closed = close(key);
        for (var posting : postings) {
            var cell = cell(posting.counter());
            if (posting.level()) {
                cell.set(posting.amount());
            } else {
                cell.use(posting.amount());
            }
        }
        return closed;
    }

    private boolean allFit(List<Charge> charges) {
        for (var charge : charges) {
            if (!cell(charge.counter()).fits(charge)) {
                return false;
            }
        }
        return true;
    }

    /** Room is needed for what is held more than before: a hold that only lasts longer stays, though use has passed the maximum. */
    private boolean moreFits(Hold larger, Hold old) {
        for (var charge : larger.charges()) {
            boolean more = charge.amount() > amountOn(charge.counter(), old);
            if (more && !cell(charge.counter()).fits(charge)) {
                return false;
            }
        }
        return true;
    }

    private static long amountOn(CounterKey counter, Hold hold) {
        for (var charge : hold.charges()) {
            if (charge.counter().equals(counter)) {
                return charge.amount();
            }
        }
        return 0;
    }

    private void take(Hold hold) {
        for (var charge : hold.charges()) {
            cell(charge.counter()).hold(charge.amount());
        }
    }

    private void free(Hold hold) {
        for (var charge : hold.charges()) {
            cell(charge.counter()).free(charge.counter(), charge.amount());
        }
    }

    Optional<Hold> find(HoldKey key) {
        return Optional.ofNullable(entry(key).hold());
    }

    private Levels chargedLevels(List<Charge> charges) {
        return levels(charges.stream().map(Charge::counter).toList());
    }

    Levels levels(List<CounterKey> counters) {
        long[] used = new long[counters.size()];
        long[] held = new long[counters.size()];
        for (int i = 0; i < used.length; i++) {
            var cell = cell(counters.get(i));
            used[i] = cell.used();
            held[i] = cell.held();
        }
        return new Levels(used, held);
    }
}
