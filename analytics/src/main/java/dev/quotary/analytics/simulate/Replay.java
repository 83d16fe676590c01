package dev.quotary.analytics.simulate;

import dev.quotary.analytics.simulate.Replayed.Sum;
import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Limiter;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Commitment;
import dev.quotary.usage.Decision;
import dev.quotary.usage.PricedAnew;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Queueing;
import dev.quotary.usage.Reserved;
import dev.quotary.usage.Settlements;
import dev.quotary.usage.Tariff;
import dev.quotary.usage.Verdict;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * Replays events of one organization in the order of their times. For one thread.
 *
 * <p>Each call asks for what it really used, at the cost that it would have had, and is settled at the same moment: that it ran for a
 * while, and held more than it used, is left out, so limits on calls in flight never refuse. A call that is refused uses nothing. Levels that
 * are reported are taken as they come.
 */
public final class Replay {
    private final Admissions admissions;
    private final Settlements settlements;
    private final Tariff tariff;
    private final Catalog catalog;
    private final ReplayClock clock;
    private final Tally tally = new Tally();

    /**
     * A replay.
     *
     * @param catalog what would have been declared
     * @param limiter an empty one in memory, used by nobody else
     * @param start no event is earlier
     */
    public Replay(Catalog catalog, Limiter limiter, Instant start) {
        this.catalog = catalog;
        this.clock = new ReplayClock(start);
        this.admissions = new Admissions(catalog, limiter, clock);
        this.settlements = new Settlements(catalog, new ReplayLedger(Settlements.follower(limiter, clock)), clock);
        this.tariff = new Tariff(catalog);
    }

    /** An event from before what is asked about, in a window that goes on: it counts, and nothing is decided. */
    public void before(Recorded recorded) {
        clock.at(recorded.event().time());
        record(recorded, metered(recorded, PricedAnew.of(tariff, recorded)));
    }

    /** An event that is decided about. */
    public void decide(Recorded recorded) {
        var event = recorded.event();
        clock.at(event.time());
        var anew = PricedAnew.of(tariff, recorded);
        var metered = metered(recorded, anew);
        boolean priced = !(anew instanceof PricedAnew.Unpriced)
                || event.call().dimensions().model() == null;
        var decision = decision(admissions.reserve(proposal(event, metered, priced)));
        decision.map(Decision::hold).ifPresent(hold -> settle(recorded, metered, hold));
        tally.add(event.call().subject(), sum(recorded, metered, decision), decision, event.time());
    }

    private static Optional<Decision> decision(Reserved reserved) {
        return reserved instanceof Reserved.Decided(Decision decision) ? Optional.of(decision) : Optional.empty();
    }

    /** What has come of all of it. */
    public Replayed replayed(int subjectsMax) {
        return tally.replayed(subjectsMax);
    }

    private static Metered metered(Recorded recorded, PricedAnew anew) {
        return switch (anew) {
            case PricedAnew.Priced(Metered metered) -> metered;
            case PricedAnew.NamedByOthers _, PricedAnew.Unpriced _ -> recorded.metered();
        };
    }

    private Proposal proposal(UsageEvent event, Metered metered, boolean priced) {
        return new Proposal(
                event.id().reservation(),
                event.call(),
                withoutLevels(metered.amounts()),
                priced,
                Proposal.TTL_DEFAULT,
                Hold.Origin.API,
                event.fingerprint());
    }

    private Amounts withoutLevels(Amounts amounts) {
        var declared = catalog.declarations();
        var quantities = amounts.quantities();
        if (quantities.others().keySet().stream().noneMatch(declared::level)) {
            return amounts;
        }
        var counted = new HashMap<MeterKey, Long>(quantities.others());
        counted.keySet().removeIf(declared::level);
        return new Amounts(
                new Quantities(
                        quantities.requests(),
                        quantities.tokensInput(),
                        quantities.tokensOutput(),
                        quantities.tokens(),
                        counted),
                amounts.cost());
    }

    /** As it was settled in truth: a report sets levels, a reservation adds to them. */
    private void settle(Recorded recorded, Metered metered, Hold hold) {
        var event = recorded.event();
        if (event.estimate().isPresent()) {
            var commitment =
                    new Commitment(metered, event.result(), event.call().dimensions(), "", event.fingerprint());
            var _ = settlements.commit(hold, commitment);
        } else {
            var _ = admissions.release(event.call().organization(), hold.id());
            record(recorded, metered);
        }
    }

    private void record(Recorded recorded, Metered metered) {
        var _ = settlements.record(List.of(new Recorded(recorded.place(), recorded.event(), metered).now()));
    }

    private static Sum sum(Recorded recorded, Metered metered, Optional<Decision> decision) {
        var verdict = decision.map(Decision::verdict);
        boolean admitted = verdict.filter(Verdict::allowed).isPresent();
        boolean waits = decision.filter(decided -> decided.queueing() instanceof Queueing.Possible)
                .isPresent();
        var cost = metered.amounts().cost().dollars();
        return new Sum(
                1,
                verdict.isPresent() && !admitted && !waits ? 1 : 0,
                !admitted && waits ? 1 : 0,
                verdict.equals(Optional.of(Verdict.THROTTLED)) ? 1 : 0,
                verdict.equals(Optional.of(Verdict.ALLOWED_WITH_WARNINGS)) ? 1 : 0,
                verdict.isEmpty() ? 1 : 0,
                recorded.metered().amounts().cost().dollars(),
                cost,
                admitted ? cost : BigDecimal.ZERO);
    }
}
