package dev.quotary.testkit;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Leeway;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Past;
import dev.quotary.limit.Posting;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    /** When graces began, by the counter that decides. */
    private final Map<CounterKey, Instant> exceeded = new HashMap<>();

    /** Use and holds, as large as they may be. */
    private record Sum(BigInteger used, BigInteger held) {
        static final Sum NOTHING = new Sum(BigInteger.ZERO, BigInteger.ZERO);
        static final Sum NO_ROOM = new Sum(LARGEST, BigInteger.ZERO);

        Sum plus(Sum other) {
            return new Sum(used.add(other.used), held.add(other.held));
        }

        BigInteger taken() {
            return used.add(held);
        }
    }

    private interface Standing {
        Sum of(CounterKey counter, Instant now);
    }

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
            if (!hasRoom(charge, this::standing, now)) {
                return new Admission.Denied(levels(proposal.charges(), now));
            }
        }
        beginGraces(proposal, now);
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
        var without = levels(counters(larger.charges()), this::fullest, now);
        for (var charge : larger.charges()) {
            if (charge.amount() > amountOn(charge.counter(), old) && !hasRoom(charge, this::fullest, now)) {
                open.put(key, old);
                return new Admission.Denied(without);
            }
        }
        beginGraces(larger, now);
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
    public synchronized void exceeded(CounterKey counter, @Nullable Instant at) {
        if (at == null) {
            exceeded.remove(counter.whole());
        } else {
            exceeded.put(counter.whole(), at);
        }
    }

    @Override
    public synchronized Levels levels(OrganizationKey organization, List<CounterKey> counters, Instant now) {
        return levels(counters, this::standing, now);
    }

    /** Committed use of everything that still counts, as a ledger has it. */
    public synchronized Map<CounterKey, Long> remembered(Instant now) {
        var counting = new HashMap<>(used);
        counting.keySet().removeIf(counter -> !now.isBefore(counter.countsUntil()));
        return counting;
    }

    /** When graces began, as a ledger has it. */
    public synchronized Map<CounterKey, Instant> graces() {
        return Map.copyOf(exceeded);
    }

    /** What a crash leaves: the ids of what was settled and released are known no more, all else is. */
    public synchronized void restart() {
        closed.clear();
    }

    private Levels levels(List<Charge> charges, Instant now) {
        return levels(counters(charges), this::standing, now);
    }

    private static List<CounterKey> counters(List<Charge> charges) {
        return charges.stream().map(Charge::counter).toList();
    }

    private Levels levels(List<CounterKey> counters, Standing standing, Instant now) {
        var sums = counters.stream().map(counter -> standing.of(counter, now)).toList();
        return new Levels(
                sums.stream().mapToLong(sum -> number(sum.used())).toArray(),
                sums.stream().mapToLong(sum -> number(sum.held())).toArray(),
                counters.stream().map(counter -> past(counter, now)).toArray(Past[]::new));
    }

    private static long number(BigInteger sum) {
        return sum.min(LARGEST).longValueExact();
    }

    private Past past(CounterKey counter, Instant now) {
        var previous = counter.previous();
        return new Past(
                previous == null ? 0 : number(standing(previous, now).taken()),
                exceeded.get(counter.whole()),
                freesAt(counter, now));
    }

    private @Nullable Instant freesAt(CounterKey counter, Instant now) {
        return counter.counted().window() instanceof WindowSpec.Sliding sliding
                ? all().filter(other -> other.whole().equals(counter.whole()))
                        .filter(other -> counts(other.window(), sliding, now))
                        .filter(other -> own(other, now).taken().signum() > 0)
                        .map(other -> other.window().end().plus(sliding.length()))
                        .min(Comparator.naturalOrder())
                        .orElse(null)
                : null;
    }

    /** A slice counts from its beginning until its last instant is a whole window ago. */
    private static boolean counts(Window slice, WindowSpec.Sliding sliding, Instant now) {
        return !slice.start().isAfter(now) && now.isBefore(slice.end().plus(sliding.length()));
    }

    private Stream<CounterKey> all() {
        return Stream.concat(
                        used.keySet().stream(),
                        open.values().stream().flatMap(hold -> counters(hold.charges()).stream()))
                .distinct();
    }

    private Sum own(CounterKey counter, Instant now) {
        return new Sum(BigInteger.valueOf(used.getOrDefault(counter, 0L)), BigInteger.valueOf(held(counter, now)));
    }

    private Sum slices(CounterKey counter, Instant now, Predicate<Window> which) {
        return all().filter(other -> other.whole().equals(counter.whole()) && which.test(other.window()))
                .map(other -> own(other, now))
                .reduce(Sum.NOTHING, Sum::plus);
    }

    private Sum standing(CounterKey counter, Instant now) {
        return counter.counted().window() instanceof WindowSpec.Sliding sliding
                ? slices(counter, now, slice -> counts(slice, sliding, now))
                : own(counter, now);
    }

    /** Of a sliding window, the fullest of all stretches over a slice. */
    private Sum fullest(CounterKey counter, Instant now) {
        if (!(counter.counted().window() instanceof WindowSpec.Sliding sliding)) {
            return own(counter, now);
        }
        var slice = counter.window();
        if (!now.isBefore(slice.end().plus(sliding.length()))) {
            return Sum.NO_ROOM;
        }
        var fullest = from(slice.start(), counter, sliding, now);
        for (int back = WindowSpec.Sliding.SLICES; back > 0; back--) {
            var stretch = from(slice.start().minus(sliding.slice().multipliedBy(back)), counter, sliding, now);
            fullest = stretch.taken().compareTo(fullest.taken()) > 0 ? stretch : fullest;
        }
        return fullest;
    }

    private Sum from(Instant first, CounterKey counter, WindowSpec.Sliding sliding, Instant now) {
        return slices(
                counter,
                now,
                slice -> !slice.start().isBefore(first) && !slice.start().isAfter(first.plus(sliding.length())));
    }

    /** Exact at any size; what is held must stay a number that can be counted, even without a maximum. */
    private boolean hasRoom(Charge charge, Standing standing, Instant now) {
        var sum = standing.of(charge.counter(), now);
        var amount = BigInteger.valueOf(charge.amount());
        var past = past(charge.counter(), now);
        return charge.amount() == 0
                || (sum.held().add(amount).compareTo(LARGEST) <= 0
                        && within(charge.maximum(), sum, amount)
                        && charge.leeways().stream()
                                .allMatch(leeway -> within(number(most(leeway, past, now)), sum, amount)));
    }

    private static boolean within(long most, Sum sum, BigInteger amount) {
        return most == Long.MAX_VALUE || sum.taken().add(amount).compareTo(BigInteger.valueOf(most)) <= 0;
    }

    private static BigInteger most(Leeway leeway, Past past, Instant now) {
        var since = past.exceededAt();
        boolean over = !leeway.grace().isZero() && since != null && !now.isBefore(since.plus(leeway.grace()));
        return over ? maximum(leeway, past) : maximum(leeway, past).add(BigInteger.valueOf(leeway.beyond()));
    }

    private static BigInteger maximum(Leeway leeway, Past past) {
        var left = BigInteger.valueOf(leeway.maximum() - past.before()).max(BigInteger.ZERO);
        return BigInteger.valueOf(leeway.maximum())
                .add(
                        leeway.maximum() == Long.MAX_VALUE
                                ? BigInteger.ZERO
                                : left.min(BigInteger.valueOf(leeway.burst())));
    }

    private void beginGraces(Hold hold, Instant now) {
        for (var charge : hold.charges()) {
            var past = past(charge.counter(), now);
            var sum = standing(charge.counter(), now);
            boolean first = charge.amount() > 0
                    && past.exceededAt() == null
                    && charge.leeways().stream()
                            .anyMatch(leeway -> !leeway.grace().isZero()
                                    && !within(
                                            number(maximum(leeway, past)), sum, BigInteger.valueOf(charge.amount())));
            if (first) {
                exceeded.put(charge.counter().whole(), now);
            }
        }
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
