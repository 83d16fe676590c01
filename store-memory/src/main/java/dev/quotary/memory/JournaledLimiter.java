package dev.quotary.memory;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.CommittedUse;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Posting;
import dev.quotary.limit.RecoverableLimiter;
import dev.quotary.limit.RoomListener;
import dev.quotary.limit.StoreUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A {@link MemoryLimiter} whose holds outlive the process.
 *
 * <p>Deciding, writing the hold to the journal and taking it are one step under the lock of the organization: written later, a repeated
 * request could be told of a hold that a crash or a full disk still takes away. Writing is one call to the operating system, about a
 * microsecond, so event loops may use it. A hold that cannot be written is not taken, and the same id may ask again.
 */
public final class JournaledLimiter implements RecoverableLimiter, CommittedUse {
    private final MemoryLimiter memory;
    private final HoldJournal journal;
    private final LongAdder failures = new LongAdder();

    public JournaledLimiter(MemoryLimiter memory, HoldJournal journal) {
        this.memory = memory;
        this.journal = journal;
    }

    @Override
    public Admission reserve(Hold proposal, Instant now) {
        // Made before the lock is taken, which is held for the writing of it alone.
        byte[] record = HoldJournal.record(proposal);
        return memory.reserve(proposal, now, granted -> keep(granted, record));
    }

    @Override
    public Optional<Admission> reserveUnkept(Hold proposal, Instant now) {
        return memory.reserveUnkept(proposal, now);
    }

    @Override
    public Admission extend(Hold larger, Instant now) {
        byte[] record = HoldJournal.record(larger);
        return memory.extend(larger, now, granted -> keep(granted, record));
    }

    @Override
    public List<Hold> openHolds() {
        return journal.openHolds();
    }

    /** As {@link MemoryLimiter#restore} does; nothing is written, the journal has it. */
    @Override
    public void restore(Hold hold, Instant now) {
        memory.restore(hold, now);
    }

    @Override
    public Optional<Hold> release(OrganizationKey organization, ReservationId id, Instant now) {
        var released = memory.release(organization, id, now);
        released.ifPresent(hold -> journal.released(hold.id()));
        return released;
    }

    @Override
    public Optional<Hold> find(OrganizationKey organization, ReservationId id, Instant now) {
        return memory.find(organization, id, now);
    }

    @Override
    public void settle(OrganizationKey organization, ReservationId id, List<Posting> postings, Instant now) {
        memory.settle(organization, id, postings, now);
        journal.settled(id);
    }

    @Override
    public void correct(CounterKey counter, long used) {
        memory.correct(counter, used);
    }

    @Override
    public void exceeded(CounterKey counter, @Nullable Instant at) {
        memory.exceeded(counter, at);
    }

    @Override
    public Levels levels(OrganizationKey organization, List<CounterKey> counters, Instant now) {
        return memory.levels(organization, counters, now);
    }

    @Override
    public boolean tellRoom(RoomListener listener) {
        return memory.tellRoom(listener);
    }

    @Override
    public long[] committed(OrganizationKey organization, List<CounterKey> counters) {
        return memory.committed(organization, counters);
    }

    private byte[] keep(Hold granted, byte[] record) {
        try {
            journal.held(granted, record);
            return record;
        } catch (StoreUnavailableException e) {
            failures.increment();
            throw e;
        }
    }

    /** How much of everything there is; for metrics. */
    public LimiterCounts counts() {
        return memory.counts();
    }

    /** Holds that could not be written to the journal, and were not taken. */
    public long failures() {
        return failures.sum();
    }
}
