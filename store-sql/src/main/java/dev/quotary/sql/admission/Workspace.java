package dev.quotary.sql.admission;

import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Posting;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction has read, and the decisions on it.
 *
 * <p>The same decisions as those of the limiter in process: a hold is taken on every counter or on none; a reservation is held, expired
 * (counts nothing, may commit late) or closed. Everything here was read under the locks of its organizations, so that it stays true until
 * the transaction ends.
 */
final class Workspace {
    private final Counters counters = new Counters();
    private final Map<HoldKey, Entry> entries = new HashMap<>();
    private long declared;

    /** The version of the declarations in force. */
    long declared() {
        return declared;
    }

    void declared(long version) {
        declared = version;
    }

    Counters counters() {
        return counters;
    }

    Map<HoldKey, Entry> entries() {
        return entries;
    }

    private Entry entry(HoldKey key) {
        return entries.computeIfAbsent(key, _ -> Entry.unknown());
    }

    /** Takes a hold whose time is over out of the counters. */
    void expire(Entry entry) {
        counters.free(Objects.requireNonNull(entry.hold(), "a live reservation has a hold"));
        entry.expire();
    }

    Admission reserve(Hold proposal, Instant now) {
        var entry = entry(HoldKey.of(proposal));
        var known = entry.hold();
        if (known != null && known.fingerprint() != proposal.fingerprint()) {
            return new Admission.Mismatch(known);
        }
        if (known != null && entry.state() == Entry.State.HELD) {
            return new Admission.Granted(known, levels(known), true);
        }
        if (entry.state() == Entry.State.CLOSED) {
            return new Admission.Closed();
        }
        if (!counters.allFit(proposal.charges(), now)) {
            return new Admission.Denied(levels(proposal));
        }
        counters.beginGraces(proposal.charges(), now);
        counters.take(proposal);
        entry.hold(proposal);
        return new Admission.Granted(proposal, levels(proposal), false);
    }

    Admission extend(Hold larger, Instant now) {
        var entry = entry(HoldKey.of(larger));
        var old = entry.hold();
        if (old == null || entry.state() != Entry.State.HELD) {
            return new Admission.Closed();
        }
        counters.free(old);
        var withoutIt = counters.fullest(charged(larger));
        if (!Counters.moreFits(larger, old, withoutIt, now)) {
            counters.take(old);
            return new Admission.Denied(withoutIt);
        }
        counters.beginGraces(larger.charges(), now);
        counters.take(larger);
        entry.hold(larger);
        return new Admission.Granted(larger, levels(larger), false);
    }

    /** Ends a hold, live or expired; empty if there is none. */
    Optional<Hold> close(HoldKey key) {
        var entry = entry(key);
        var hold = entry.hold();
        if (hold == null) {
            return Optional.empty();
        }
        if (entry.state() == Entry.State.HELD) {
            counters.free(hold);
        }
        entry.close();
        return Optional.of(hold);
    }

    /** Takes a hold out whose use the ledger records. */
    void drop(Entry entry) {
        var hold = entry.hold();
        if (hold != null && entry.state() == Entry.State.HELD) {
            counters.free(hold);
        }
        entry.drop();
    }

    Optional<Hold> settle(HoldKey key, List<Posting> postings) {
        var closed = close(key);
        postings.forEach(counters::post);
        return closed;
    }

    void correct(CounterKey counter, long used) {
        counters.post(Posting.set(counter, used));
    }

    void exceeded(CounterKey counter, @Nullable Instant at) {
        counters.cell(counter).exceeded(at);
    }

    Optional<Hold> find(HoldKey key) {
        return Optional.ofNullable(entry(key).hold());
    }

    private Levels levels(Hold hold) {
        return counters.levels(charged(hold));
    }

    private static List<CounterKey> charged(Hold hold) {
        return hold.charges().stream().map(Charge::counter).toList();
    }
}
