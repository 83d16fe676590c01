package dev.quotary.simulation;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Posting;
import dev.quotary.limit.RecoverableLimiter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does what another limiter does; what is broken is overridden. */
class ForwardingLimiter implements RecoverableLimiter {
    protected final RecoverableLimiter limiter;

    ForwardingLimiter(RecoverableLimiter limiter) {
        this.limiter = limiter;
    }

    @Override
    public Admission reserve(Hold proposal, Instant now) {
        return limiter.reserve(proposal, now);
    }

    @Override
    public Optional<Admission> reserveUnkept(Hold proposal, Instant now) {
        return limiter.reserveUnkept(proposal, now);
    }

    @Override
    public Admission extend(Hold larger, Instant now) {
        return limiter.extend(larger, now);
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
    public Levels levels(OrganizationKey organization, List<CounterKey> counters, Instant now) {
        return limiter.levels(organization, counters, now);
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
