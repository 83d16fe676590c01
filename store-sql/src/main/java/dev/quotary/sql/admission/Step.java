package dev.quotary.sql.admission;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.DeclarationsChangedException;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Posting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one caller asks of the limiter; applied within a transaction, in the order of arrival. */
sealed interface Step<T> {
    OrganizationKey organization();

    /** The reservation that it is about; null if it is about none. */
    @Nullable HoldKey reservation();

    /** The counters that it looks at or moves, beside those of a hold that is there already. */
    List<CounterKey> counters();

    Instant now();

    T apply(Workspace workspace);

    /** Whether asking again gives the same, also if nobody knows whether the first time took effect. */
    default boolean repeatable() {
        return true;
    }

    /** What to tell the caller: what {@link #apply} says, or a failure that concerns this step alone. */
    default Object answer(Workspace workspace) {
        return apply(workspace);
    }

    /** @param declared the version of the declarations that the charges were made from; {@link Long#MAX_VALUE} for whichever */
    record Reserve(Hold proposal, Instant now, long declared) implements Step<Admission> {
        @Override
        public OrganizationKey organization() {
            return proposal.call().organization();
        }

        @Override
        public HoldKey reservation() {
            return HoldKey.of(proposal);
        }

        @Override
        public List<CounterKey> counters() {
            return charged(proposal);
        }

        @Override
        public Object answer(Workspace workspace) {
            long inForce = workspace.declared();
            return declared < inForce ? new DeclarationsChangedException(declared, inForce) : apply(workspace);
        }

        @Override
        public Admission apply(Workspace workspace) {
            return workspace.reserve(proposal, now);
        }
    }

    record Extend(Hold larger, Instant now) implements Step<Admission> {
        @Override
        public OrganizationKey organization() {
            return larger.call().organization();
        }

        @Override
        public HoldKey reservation() {
            return HoldKey.of(larger);
        }

        @Override
        public List<CounterKey> counters() {
            return charged(larger);
        }

        @Override
        public Admission apply(Workspace workspace) {
            return workspace.extend(larger, now);
        }
    }

    /** Gives a hold back, if there is one. */
    record Release(HoldKey reservation, Instant now) implements Step<Optional<Hold>> {
        @Override
        public OrganizationKey organization() {
            return reservation.organization();
        }

        @Override
        public List<CounterKey> counters() {
            return List.of();
        }

        @Override
        public boolean repeatable() {
            return false;
        }

        @Override
        public Optional<Hold> apply(Workspace workspace) {
            return workspace.close(reservation);
        }
    }

    record Settle(HoldKey reservation, List<Posting> postings, Instant now) implements Step<Optional<Hold>> {
        static Settle of(OrganizationKey organization, ReservationId id, List<Posting> postings, Instant now) {
            return new Settle(new HoldKey(organization, id), List.copyOf(postings), now);
        }

        @Override
        public OrganizationKey organization() {
            return reservation.organization();
        }

        @Override
        public List<CounterKey> counters() {
            return postings.stream().map(Posting::counter).toList();
        }

        @Override
        public boolean repeatable() {
            return false;
        }

        @Override
        public Optional<Hold> apply(Workspace workspace) {
            return workspace.settle(reservation, postings);
        }
    }

    record Correct(CounterKey counter, long used) implements Step<Boolean> {
        @Override
        public OrganizationKey organization() {
            return counter.organization();
        }

        @Override
        public @Nullable HoldKey reservation() {
            return null;
        }

        @Override
        public List<CounterKey> counters() {
            return List.of(counter);
        }

        /** Nothing expires by it. */
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public Boolean apply(Workspace workspace) {
            workspace.correct(counter, used);
            return true;
        }
    }

    /** Sets when the grace of a counter began. */
    record Exceeded(CounterKey counter, @Nullable Instant at) implements Step<Boolean> {
        @Override
        public OrganizationKey organization() {
            return counter.organization();
        }

        @Override
        public @Nullable HoldKey reservation() {
            return null;
        }

        @Override
        public List<CounterKey> counters() {
            return List.of(counter);
        }

        /** Nothing expires by it. */
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public Boolean apply(Workspace workspace) {
            workspace.exceeded(counter, at);
            return true;
        }
    }

    /** The hold of an id, live or expired. */
    record Find(HoldKey reservation, Instant now) implements Step<Optional<Hold>> {
        @Override
        public OrganizationKey organization() {
            return reservation.organization();
        }

        @Override
        public List<CounterKey> counters() {
            return List.of();
        }

        @Override
        public Optional<Hold> apply(Workspace workspace) {
            return workspace.find(reservation);
        }
    }

    /** How counters stand. */
    record Look(OrganizationKey organization, List<CounterKey> counters, Instant now) implements Step<Levels> {
        public Look {
            counters = List.copyOf(counters);
        }

        @Override
        public @Nullable HoldKey reservation() {
            return null;
        }

        @Override
        public Levels apply(Workspace workspace) {
            return workspace.counters().levels(counters);
        }
    }

    private static List<CounterKey> charged(Hold hold) {
        return hold.charges().stream().map(Charge::counter).toList();
    }
}
