package dev.quotary.testkit;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a limiter means, as plainly as it can be said: every question is answered by adding up all holds. It forgets nothing and is
 * slow; others are compared with it.
 *
 * <p>Safe for many threads, because one lock guards everything.
 */
public final class LimiterModel implements Limiter {
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    private record Key(OrganizationKey organization, ReservationId id) {}

    private final Map<CounterKey, Long> used = new HashMap<>();
    /** Neither settled nor released, in any order; those that have expired count nothing. */
    private final Map<Key, Hold> open = new HashMap<>();

    private final Set<Key> closed = new HashSet<>();

    @Override
    public synchronized Admission reserve(Hold proposal, Instant now) {
        var key = key(proposal);
        var known = open.get(key);
        if (known != null && known.fingerprint() != proposal.fingerprint()) {
            return new Admission.Mismatch(known);
        }
        if (known != null && !known.expired(now)) {
            return new Admission.Granted(known, levels(known.charges(), now), true);
        }
        if (closed.contains(key)) {
            return new Admission.Closed();
        }
        for (var charge : proposal.charges()) {
            if (!hasRoom(charge, now)) {
                return new Admission.Denied(levels(proposal.charges(), now));
            }
        }
        open.put(key, proposal);
        return new Admission.Granted(proposal, levels(proposal.charges(), now), false);
    }

    @Override
    public Optional<Admission> reserveUnkept(Hold proposal, Instant now) {
        return Optional.of(reserve(proposal, now));
    }

    @Override
    public synchronized Admission extend(Hold larger, Instant now) {
        var key = key(larger);
        var old = open.get(key);
        if (old == null || old.expired(now)) {
            return new Admission.Closed();
        }
        open.remove(key);
        var without = levels(larger.charges(), now);
        for (var charge : larger.charges()) {
            if (charge.amount() > amountOn(charge.counter(), old) && !hasRoom(charge, now)) {
                open.put(key, old);
                return new Admission.Denied(without);
            }
        }
        open.put(key, larger);
        return new Admission.Granted(larger, levels(larger.charges(), now), false);
    }

    @Override
    public synchronized Optional<Hold> release(OrganizationKey organization, ReservationId id, Instant now) {
        var key = new Key(organization, id);
        var hold = open.remove(key);
        if (hold != null) {
            closed.add(key);
        }
        return Optional.ofNullable(hold);
    }

    @Override
    public synchronized Optional<Hold> find(OrganizationKey organization, ReservationId id, Instant now) {
        return Optional.ofNullable(open.get(new Key(organization, id)));
    }

    @Override
    public synchronized void settle(
            OrganizationKey organization, ReservationId id, List<Posting> postings, Instant now) {
        release(organization, id, now);
        for (var posting : postings) {
            long before = posting.level() ? 0 : used.getOrDefault(posting.counter(), 0L);
            var after = BigInteger.valueOf(before).add(BigInteger.valueOf(posting.amount()));
            used.put(posting.counter(), after.min(LARGEST).longValueExact());
        }
    }

    @Override
    public synchronized void correct(CounterKey counter, long exactly) {
        if (exactly < 0) {
            throw new IllegalArgumentException("expected a use of 0 or more on " + counter + ", was " + exactly);
        }
        used.put(counter, exactly);
    }

    @Override
    public synchronized Levels levels(OrganizationKey organization, List<CounterKey> counters, Instant now) {
        return new Levels(
                counters.stream()
                        .mapToLong(counter -> used.getOrDefault(counter, 0L))
                        .toArray(),
                counters.stream().mapToLong(counter -> held(counter, now)).toArray());
    }

    /** What a crash leaves: the ids of what was settled and released are known no more, all else is. */
    public synchronized void restart() {
        closed.clear();
    }

    private Levels levels(List<Charge> charges, Instant now) {
        return levels(Holds.ORGANIZATION, charges.stream().map(Charge::counter).toList(), now);
    }

    /** Exact at any size; what is held must stay a number that can be counted, even without a maximum. */
    private boolean hasRoom(Charge charge, Instant now) {
        var amount = BigInteger.valueOf(charge.amount());
        var heldThen = BigInteger.valueOf(held(charge.counter(), now)).add(amount);
        var usedNow = BigInteger.valueOf(used.getOrDefault(charge.counter(), 0L));
        boolean unlimited = charge.maximum() == Long.MAX_VALUE;
        return charge.amount() == 0
                || (heldThen.compareTo(LARGEST) <= 0
                        && (unlimited || usedNow.add(heldThen).compareTo(BigInteger.valueOf(charge.maximum())) <= 0));
    }

    private long held(CounterKey counter, Instant now) {
        return open.values().stream()
                .filter(hold -> !hold.expired(now))
                .mapToLong(hold -> amountOn(counter, hold))
                .reduce(0, Math::addExact);
    }

    private static long amountOn(CounterKey counter, Hold hold) {
        return hold.charges().stream()
                .filter(charge -> charge.counter().equals(counter))
                .mapToLong(Charge::amount)
                .sum();
    }

    private static Key key(Hold hold) {
        return new Key(hold.call().organization(), hold.id());
    }
}
