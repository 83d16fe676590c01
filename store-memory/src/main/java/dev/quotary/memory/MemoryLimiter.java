package dev.quotary.memory;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.CommittedUse;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.RoomListener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides in this process.
 *
 * <p>The state of one organization is guarded by one lock, held for well under a microsecond; organizations never wait for each
 * other, and no step touches two of them. Nothing here blocks on anything but that lock, so event loops may call it.
 */
public final class MemoryLimiter implements Limiter, CommittedUse {
    private final Map<OrganizationKey, Guarded> organizations = new ConcurrentHashMap<>();
    private volatile RoomListener room = _ -> {};

    private static final class Guarded {
        final ReentrantLock lock = new ReentrantLock();
        final OrganizationCounters counters;

        Guarded(RoomListener room) {
            counters = new OrganizationCounters(room);
        }
    }

    @Override
    public boolean tellRoom(RoomListener listener) {
        room = listener;
        return true;
    }

    private void freed(CounterKey counter) {
        room.freed(counter);
    }

    @Override
    public Admission reserve(Hold proposal, Instant now) {
        return reserve(proposal, now, Keeping.NOWHERE);
    }

    /**
     * Reserves, and has a granted hold kept within the same step.
     *
     * @param keeping called before the hold is taken; if it throws, nothing is held and the id may ask again
     */
    Admission reserve(Hold proposal, Instant now, Keeping keeping) {
        return in(proposal.call().organization(), counters -> counters.reserve(proposal, now, keeping));
    }

    @Override
    public Optional<Admission> reserveUnkept(Hold proposal, Instant now) {
        return Optional.of(reserve(proposal, now));
    }

    @Override
    public Admission extend(Hold larger, Instant now) {
        return extend(larger, now, Keeping.NOWHERE);
    }

    /** As {@link #reserve(Hold, Instant, Keeping)}; if {@code keeping} throws, the old hold stays as it was. */
    Admission extend(Hold larger, Instant now, Keeping keeping) {
        return in(larger.call().organization(), counters -> counters.extend(larger, now, keeping));
    }

    /**
     * Puts a hold of before a restart back, without asking for room: it was granted then. One that has expired meanwhile charges
     * nothing and is kept for a late commit. Repeating is harmless; an id that is known already stays as it is.
     *
     * @param hold with the charges that its call has under the limits of today
     */
    public void restore(Hold hold, Instant now) {
        in(hold.call().organization(), counters -> {
            counters.restore(hold, now);
            return hold;
        });
    }

    @Override
    public Optional<Hold> release(OrganizationKey organization, ReservationId id, Instant now) {
        return in(organization, counters -> counters.release(id, now));
    }

    @Override
    public Optional<Hold> find(OrganizationKey organization, ReservationId id, Instant now) {
        return in(organization, counters -> counters.find(id, now));
    }

    @Override
    public void settle(OrganizationKey organization, ReservationId id, List<Posting> postings, Instant now) {
        in(organization, counters -> {
            counters.settle(id, postings, now);
            return postings;
        });
    }

    @Override
    public void correct(CounterKey counter, long used) {
        if (used < 0) {
            throw new IllegalArgumentException("expected a use of 0 or more on " + counter + ", was " + used);
        }
        in(counter.organization(), counters -> {
            counters.correct(counter, used);
            return counter;
        });
    }

    @Override
    public void exceeded(CounterKey counter, @Nullable Instant at) {
        in(counter.organization(), counters -> {
            counters.exceeded(counter, at);
            return counter;
        });
    }

    @Override
    public Levels levels(OrganizationKey organization, List<CounterKey> keys, Instant now) {
        return in(organization, counters -> counters.levels(keys, now));
    }

    @Override
    public long[] committed(OrganizationKey organization, List<CounterKey> keys) {
        return in(
                organization,
                counters -> keys.stream().mapToLong(counters::committed).toArray());
    }

    /** How much of everything there is, organization by organization; for metrics. */
    public LimiterCounts counts() {
        var counts = LimiterCounts.NONE;
        for (var organization : organizations.keySet()) {
            counts = counts.plus(in(organization, OrganizationCounters::counts));
        }
        return counts;
    }

    private <T> T in(OrganizationKey organization, Function<OrganizationCounters, T> step) {
        var known = organizations.get(organization);
        var state = known == null ? organizations.computeIfAbsent(organization, _ -> new Guarded(this::freed)) : known;
        state.lock.lock();
        try {
            return step.apply(state.counters);
        } finally {
            state.lock.unlock();
        }
    }
}
