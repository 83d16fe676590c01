package dev.quotary.usage;

import dev.quotary.call.Call;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.catalog.Account;
import dev.quotary.catalog.Binding;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Organization;
import dev.quotary.limit.Admission;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.DeclarationsChangedException;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.queue.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Check, reserve, extend, release and status: everything before a call is made, and what shows how limits stand.
 *
 * <p>Safe for many threads. It waits for nothing but the {@link Limiter}, and throws what that throws. Whether a refused call may wait
 * is said by {@link Decision#queueing}; waiting itself is the {@link #queue}'s.
 */
public final class Admissions {
    /** When declarations change faster than a decision is made, the last one is by those that were in force a moment ago. */
    private static final int ATTEMPTS_MAX = 5;

    private final Catalog catalog;
    private final Limiter limiter;
    private final InstantSource clock;
    private final AdmissionQueue queue;
    private final Optional<Graces> graces;
    private volatile DecisionListener listener = DecisionListener.NONE;

    /** Without a queue: what may wait is refused as if it were full. Graces end with the process. */
    public Admissions(Catalog catalog, Limiter limiter, InstantSource clock) {
        this(catalog, limiter, clock, AdmissionQueue.none(), Optional.empty());
    }

    /** Admissions whose graces end with the process. */
    public Admissions(Catalog catalog, Limiter limiter, InstantSource clock, AdmissionQueue queue) {
        this(catalog, limiter, clock, queue, Optional.empty());
    }

    /** Without a queue, but with graces that outlive the process. */
    public Admissions(Catalog catalog, Limiter limiter, InstantSource clock, Graces graces) {
        this(catalog, limiter, clock, AdmissionQueue.none(), Optional.of(graces));
    }

    /** @param queue over the same limiter */
    public Admissions(
            Catalog catalog, Limiter limiter, InstantSource clock, AdmissionQueue queue, Optional<Graces> graces) {
        this.catalog = catalog;
        this.limiter = limiter;
        this.clock = clock;
        this.queue = queue;
        this.graces = graces;
    }

    /** Has somebody told of every decision that its face {@linkplain #told says} is final; one at most. */
    public void onDecision(DecisionListener told) {
        listener = told;
    }

    /**
     * To be said by a face when a decision is what its caller is answered: the gateway asks several times for one call, and who waits asks
     * again and again.
     */
    public void told(Call call, Reserved reserved) {
        if (reserved instanceof Reserved.Decided(Decision decision) && decision.verdict() != Verdict.ALLOWED) {
            listener.decided(call, decision);
        }
    }

    /** Where calls wait that are refused for now. */
    public AdmissionQueue queue() {
        return queue;
    }

    /** Whether nothing here ever waits: see {@link Limiter#immediate}. Where it may, event loops must have others call. */
    public boolean immediate() {
        return limiter.immediate();
    }

    /** What {@link #reserve} would say now, holding nothing. */
    public Reserved check(Proposal proposal) {
        var now = clock.instant();
        return admit(proposal, now, (account, charging) -> {
            var levels = limiter.levels(proposal.call().organization(), charging.counters(), now);
            var turn = queue.newcomer(account);
            return new Reserved.Decided(
                    charging.fits(levels, now) && !charging.behind(turn)
                            ? allowed(account, charging, levels, now)
                            : denied(account, charging, levels, turn, now));
        });
    }

    /**
     * Holds the amounts on every limit that applies, or on none; behind those who wait for the same.
     *
     * <p>Repeating a proposal with the same id and fingerprint while it is held answers the same hold.
     */
    public Reserved reserve(Proposal proposal) {
        return upToDate(at -> admit(
                proposal,
                at.now(),
                (account, charging) -> reserve(account, charging, proposal, queue.newcomer(account), at)));
    }

    /**
     * As {@link #reserve(Proposal)}, for one who waits.
     *
     * @param turn what others have the right to before
     */
    public Reserved reserve(Proposal proposal, Turn<CounterKey> turn) {
        return upToDate(
                at -> admit(proposal, at.now(), (account, charging) -> reserve(account, charging, proposal, turn, at)));
    }

    /**
     * When a decision is made.
     *
     * @param declared by which version of the declarations, at least
     */
    private record Moment(Instant now, long declared) {}

    /** What was decided by older declarations than those in force, which other processes may have changed, is decided anew. */
    private Reserved upToDate(Function<Moment, Reserved> step) {
        for (int attempt = 1; attempt < ATTEMPTS_MAX; attempt++) {
            // Before anything is read of the catalog.
            long declared = catalog.freshness().known();
            try {
                return step.apply(new Moment(clock.instant(), declared));
            } catch (DeclarationsChangedException _) {
                catalog.freshness().catchUp();
            }
        }
        return step.apply(new Moment(clock.instant(), Long.MAX_VALUE));
    }

    private Reserved reserve(Account account, Charging charging, Proposal proposal, Turn<CounterKey> turn, Moment at) {
        var now = at.now();
        if (!turn.equals(AdmissionQueue.FIRST) && charging.behind(turn) && !isHeld(proposal, now)) {
            var levels = limiter.levels(proposal.call().organization(), charging.counters(), now);
            return new Reserved.Decided(denied(account, charging, levels, turn, now));
        }
        var hold = new Hold(
                proposal.id(),
                proposal.call(),
                proposal.amounts(),
                charging.charges(),
                now,
                expiry(now, proposal.ttl()),
                proposal.origin(),
                proposal.fingerprint(),
                turn.waitedMillis(),
                proposal.metadata());
        try {
            return reserved(account, charging, limiter.reserve(hold, now, at.declared()), now);
        } catch (StoreUnavailableException e) {
            return unkept(account, charging, hold, e);
        }
    }

    /** A repeat of what is held takes no room from anybody. */
    private boolean isHeld(Proposal proposal, Instant now) {
        return limiter.find(proposal.call().organization(), proposal.id(), now)
                .filter(hold -> !hold.expired(now))
                .isPresent();
    }

    private Reserved reserved(Account account, Charging charging, Admission admission, Instant now) {
        return switch (admission) {
            case Admission.Granted granted -> granted(account, charging, granted, now);
            case Admission.Denied denied ->
                new Reserved.Decided(denied(account, charging, denied.levels(), AdmissionQueue.FIRST, now));
            case Admission.Mismatch _ -> new Reserved.Mismatch();
            case Admission.Closed _ -> new Reserved.Closed();
        };
    }

    /** The operator's choice per limit: one limit that denies without its store is enough to let the failure stand. */
    private Reserved unkept(Account account, Charging charging, Hold hold, StoreUnavailableException failure) {
        if (!charging.allAllowWithoutStore()) {
            throw failure;
        }
        var admission = limiter.reserveUnkept(hold, hold.admittedAt()).orElseThrow(() -> failure);
        var reserved = reserved(account, charging, admission, hold.admittedAt());
        if (!(reserved instanceof Reserved.Decided(Decision decision))) {
            return reserved;
        }
        // Without the store nobody waits: what is known here may be less than what there is.
        return new Reserved.Decided(decision.verdict().allowed() ? decision.unmetered() : decision.with(Queueing.NONE));
    }

    /**
     * Holds more, or for longer, under the same id. What was held so far stays held if there is no room for more, or if the subject has been
     * blocked meanwhile.
     *
     * @param more beside what is held already
     * @param ttl from now
     */
    public Reserved extend(Hold held, Amounts more, Duration ttl) {
        Proposal.checkTtl(ttl);
        var now = clock.instant();
        var account = catalog.account(held.call().organization(), held.call().subject(), now);
        if (account.isEmpty()) {
            return new Reserved.SubjectUnknown(held.call().subject());
        }
        if (account.get().blocked()) {
            return new Reserved.SubjectBlocked();
        }
        var amounts = held.amounts().plus(more);
        var charging = Charging.of(account.get().bindings(held.call(), held.admittedAt()), amounts);
        var expiresAt = expiry(now, ttl);
        var larger = new Hold(
                held.id(),
                held.call(),
                amounts,
                charging.charges(),
                held.admittedAt(),
                expiresAt.isAfter(held.expiresAt()) ? expiresAt : held.expiresAt(),
                held.origin(),
                held.fingerprint(),
                held.queueWaitMillis(),
                held.metadata());
        return replaced(account.get(), charging, larger, now);
    }

    /**
     * Makes a live reservation one for another call, such as to another model. What that needs is held on every limit that applies to it, in
     * place of what was held and in the windows of the admission: in one step, or the hold stays as it was. Nobody waits for it.
     *
     * @param call of the same organization and subject
     * @param amounts an upper bound of what it will use
     * @param priced false if its model has no price
     */
    public Reserved redirect(Hold held, Call call, Amounts amounts, boolean priced) {
        var now = clock.instant();
        var proposal =
                new Proposal(held.id(), call, amounts, priced, Proposal.TTL_DEFAULT, held.origin(), held.fingerprint());
        return admit(proposal, held.admittedAt(), (account, charging) -> {
            var other = new Hold(
                    held.id(),
                    call,
                    amounts,
                    charging.charges(),
                    held.admittedAt(),
                    held.expiresAt(),
                    held.origin(),
                    held.fingerprint(),
                    held.queueWaitMillis(),
                    held.metadata());
            return replaced(account, charging, other, now);
        });
    }

    private Reserved replaced(Account account, Charging charging, Hold other, Instant now) {
        return switch (limiter.extend(other, now)) {
            case Admission.Granted granted -> granted(account, charging, granted, now);
            case Admission.Denied denied -> {
                var statuses = charging.statuses(denied.levels(), false, now);
                yield new Reserved.Decided(
                        new Decision(account, Verdict.DENIED, statuses, charging.amounts(), null, now));
            }
            case Admission.Mismatch _ -> new Reserved.Mismatch();
            case Admission.Closed _ -> new Reserved.Closed();
        };
    }

    /** Gives a reservation back; empty if nothing of that id is held (any more). */
    public Optional<Hold> release(OrganizationKey organization, ReservationId id) {
        return limiter.release(organization, id, clock.instant());
    }

    /** A reservation that is neither settled nor released; {@link Hold#expired} may be true. */
    public Optional<Hold> find(OrganizationKey organization, ReservationId id) {
        return limiter.find(organization, id, clock.instant());
    }

    /** How every limit of a subject stands, whatever its filter; empty if there is no such subject. */
    public Optional<Decision> status(Call call) {
        var now = clock.instant();
        return catalog.account(call.organization(), call.subject(), now).map(account -> {
            var charging = Charging.of(account.allBindings(call, now), Amounts.NONE);
            var levels = limiter.levels(call.organization(), charging.counters(), now);
            var statuses = charging.statuses(levels, true, now);
            return new Decision(account, verdict(statuses, Amounts.NONE), statuses, Amounts.NONE, null, now);
        });
    }

    private interface Step {
        Reserved take(Account account, Charging charging);
    }

    private Reserved admit(Proposal proposal, Instant now, Step step) {
        var call = proposal.call();
        var account = catalog.account(call.organization(), call.subject(), now);
        if (account.isEmpty()) {
            return new Reserved.SubjectUnknown(call.subject());
        }
        if (account.get().blocked()) {
            return new Reserved.SubjectBlocked();
        }
        var bindings = account.get().bindings(call, now);
        if (!proposal.priced() && refusesUnpriced(account.get().organization(), bindings)) {
            return new Reserved.ModelNotPriced(
                    call.dimensions().provider(), call.dimensions().model());
        }
        return step.take(account.get(), Charging.of(bindings, proposal.amounts()));
    }

    private static boolean refusesUnpriced(Organization organization, List<Binding> bindings) {
        return switch (organization.unpricedModels()) {
            case ALLOW -> false;
            case BLOCK -> true;
            case REFUSE ->
                bindings.stream()
                        .map(Binding::limit)
                        .anyMatch(limit -> limit.meter().equals(MeterKey.COST) && limit.refuses());
        };
    }

    /** For a repeat, the hold that stands says what was charged: windows or limits may be others by now. */
    private Reserved granted(Account account, Charging charging, Admission.Granted granted, Instant now) {
        var hold = granted.hold();
        graces.ifPresent(noting -> noting.granted(hold, granted.levels()));
        var charged = granted.repeated()
                ? Charging.of(account.bindings(hold.call(), hold.admittedAt()), hold.amounts(), hold.charges())
                : charging;
        var statuses = charged.statuses(granted.levels(), true, now);
        return new Reserved.Decided(
                new Decision(account, verdict(statuses, hold.amounts()), statuses, hold.amounts(), hold, now));
    }

    private static Decision allowed(Account account, Charging charging, Levels levels, Instant now) {
        var statuses = charging.statuses(levels, true, now);
        return new Decision(account, verdict(statuses, charging.amounts()), statuses, charging.amounts(), null, now);
    }

    private static Decision denied(
            Account account, Charging charging, Levels levels, Turn<CounterKey> turn, Instant now) {
        var statuses = charging.refused(levels, turn, now);
        var queueing = Queueing.of(statuses, charging.amounts(), now);
        return new Decision(account, Verdict.DENIED, statuses, charging.amounts(), null, now, queueing);
    }

    private static Verdict verdict(List<LimitStatus> statuses, Amounts asked) {
        if (!Decision.delay(statuses, asked).isZero()) {
            return Verdict.THROTTLED;
        }
        for (var status : statuses) {
            if (status.threshold().isPresent() || status.state() != LimitState.OK) {
                return Verdict.ALLOWED_WITH_WARNINGS;
            }
        }
        return Verdict.ALLOWED;
    }

    /** Holds expire at whole seconds, never earlier than asked for. */
    private static Instant expiry(Instant now, Duration ttl) {
        var exact = now.plus(ttl);
        return exact.getNano() == 0 ? exact : Instant.ofEpochSecond(exact.getEpochSecond() + 1);
    }
}
