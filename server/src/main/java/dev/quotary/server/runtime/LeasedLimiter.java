package dev.quotary.server.runtime;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Posting;
import dev.quotary.limit.RecoverableLimiter;
import dev.quotary.limit.RoomListener;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.ServerLease;
import dev.quotary.sql.ServerLease.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A limiter that decides in this process only while no other may. Without its lease it takes no more holds; what it admitted before is
 * still settled, released and shown.
 *
 * <p>While the lease could merely not be renewed, the database is out of reach: then the operator's choice per limit holds, as with any
 * store that does not answer. Where another server has taken the lease, that one decides, and this one not at all; so too for as long as
 * that is not known, after this process stood still.
 */
record LeasedLimiter(RecoverableLimiter limiter, ServerLease lease) implements RecoverableLimiter {
    @Override
    public Admission reserve(Hold proposal, Instant now) {
        check();
        var admission = limiter.reserve(proposal, now);
        if (lease.state() != State.HELD) {
            giveBack(admission, now);
            check();
        }
        return admission;
    }

    /** This process stood still while it decided, and the lease has run out meanwhile: whatever it decided does not count. */
    private void giveBack(Admission admission, Instant now) {
        if (admission instanceof Admission.Granted granted && !granted.repeated()) {
            var _ = limiter.release(
                    granted.hold().call().organization(), granted.hold().id(), now);
        }
    }

    private boolean mayDecideAlone() {
        return switch (lease.state()) {
            case HELD, EXPIRED -> true;
            case UNCERTAIN, LOST -> false;
        };
    }

    @Override
    public Optional<Admission> reserveUnkept(Hold proposal, Instant now) {
        if (!mayDecideAlone()) {
            return Optional.empty();
        }
        var admission = limiter.reserveUnkept(proposal, now);
        if (!mayDecideAlone()) {
            admission.ifPresent(decided -> giveBack(decided, now));
            return Optional.empty();
        }
        return admission;
    }

    @Override
    public Admission extend(Hold larger, Instant now) {
        check();
        var admission = limiter.extend(larger, now);
        check();
        return admission;
    }

    private void check() {
        switch (lease.state()) {
            case HELD -> {}
            case EXPIRED ->
                throw new StoreUnavailableException("deciding: the lease could not be renewed with the database", null);
            case UNCERTAIN ->
                throw new StoreUnavailableException(
                        "deciding: this server stood still, and has not asked yet whether another one decides", null);
            case LOST -> throw new StoreUnavailableException("deciding: another server does now", null);
        }
    }

    @Override
    public Optional<Hold> release(OrganizationKey organization, ReservationId id, Instant now) {
        return limiter.release(organization, id, now);
    }

    @Override
    public Optional<Hold> find(OrganizationKey organization, ReservationId id, Instant now) {
        return limiter.find(organization, id, now);
    }

    @Override
    public void settle(OrganizationKey organization, ReservationId id, List<Posting> postings, Instant now) {
        limiter.settle(organization, id, postings, now);
    }

    @Override
    public void correct(CounterKey counter, long used) {
        limiter.correct(counter, used);
    }

    @Override
    public void exceeded(CounterKey counter, @Nullable Instant at) {
        limiter.exceeded(counter, at);
    }

    @Override
    public boolean immediate() {
        return limiter.immediate();
    }

    @Override
    public Levels levels(OrganizationKey organization, List<CounterKey> counters, Instant now) {
        return limiter.levels(organization, counters, now);
    }

    @Override
    public boolean tellRoom(RoomListener listener) {
        return limiter.tellRoom(listener);
    }

    @Override
    public List<Hold> openHolds() {
        return limiter.openHolds();
    }

    @Override
    public void restore(Hold hold, Instant now) {
        limiter.restore(hold, now);
    }
}
