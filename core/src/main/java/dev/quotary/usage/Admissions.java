package dev.quotary.usage;

import dev.quotary.call.Call;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.catalog.Account;
import dev.quotary.catalog.Catalog;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Check, reserve, extend, release and status: everything before a call is made, and what shows how limits stand.
 *
 * <p>Safe for many threads. It waits for nothing but the {@link Limiter}, and throws what that throws.
 */
public final class Admissions {
    private final Catalog catalog;
    private final Limiter limiter;
    private final InstantSource clock;

    public Admissions(Catalog catalog, Limiter limiter, InstantSource clock) {
        this.catalog = catalog;
        this.limiter = limiter;
        this.clock = clock;
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
            return new Reserved.Decided(decision(account, charging, levels, charging.fits(levels), now));
        });
    }

    /**
     * Holds the amounts on every limit that applies, or on none.
     *
     * <p>Repeating a proposal with the same id and fingerprint while it is held answers the same hold.
     */
    public Reserved reserve(Proposal proposal) {
        var now = clock.instant();
        return admit(proposal, now, (account, charging) -> {
            var hold = new Hold(
                    proposal.id(),
                    proposal.call(),
                    proposal.amounts(),
                    charging.charges(),
                    now,
                    expiry(now, proposal.ttl()),
                    proposal.origin(),
                    proposal.fingerprint());
            try {
                return reserved(account, charging, limiter.reserve(hold, now), now);
            } catch (StoreUnavailableException e) {
                return unkept(account, charging, hold, e);
            }
        });
    }

    private static Reserved reserved(Account account, Charging charging, Admission admission, Instant now) {
        return switch (admission) {
            case Admission.Granted granted -> granted(account, charging, granted, now);
            case Admission.Denied denied ->
                new Reserved.Decided(decision(account, charging, denied.levels(), false, now));
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
        return reserved instanceof Reserved.Decided(Decision decision)
                        && decision.verdict().allowed()
                ? new Reserved.Decided(decision.unmetered())
                : reserved;
    }

    /**
     * Holds more, or for longer, under the same id. What was held so far stays held if there is no room for more.
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
                held.fingerprint());
        return switch (limiter.extend(larger, now)) {
            case Admission.Granted granted -> granted(account.get(), charging, granted, now);
            case Admission.Denied denied -> {
                var statuses = charging.statuses(denied.levels(), false);
                yield new Reserved.Decided(new Decision(account.get(), Verdict.DENIED, statuses, amounts, null, now));
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
            var statuses = charging.statuses(levels, true);
            return new Decision(account, verdict(statuses), statuses, Amounts.NONE, null, now);
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
        if (!proposal.priced() && !account.get().organization().unpricedModels()) {
            for (var binding : bindings) {
                if (binding.limit().meter().equals(MeterKey.COST)
                        && !binding.limit().enforced().unlimited()) {
                    return new Reserved.ModelNotPriced(
                            call.dimensions().provider(), call.dimensions().model());
                }
            }
        }
        return step.take(account.get(), Charging.of(bindings, proposal.amounts()));
    }

    /** For a repeat, the hold that stands says what was charged: windows or limits may be others by now. */
    private static Reserved granted(Account account, Charging charging, Admission.Granted granted, Instant now) {
        var hold = granted.hold();
        var charged = granted.repeated()
                ? Charging.of(account.bindings(hold.call(), hold.admittedAt()), hold.amounts(), hold.charges())
                : charging;
        var statuses = charged.statuses(granted.levels(), true);
        return new Reserved.Decided(new Decision(account, verdict(statuses), statuses, hold.amounts(), hold, now));
    }

    private static Decision decision(Account account, Charging charging, Levels levels, boolean fits, Instant now) {
        var statuses = charging.statuses(levels, fits);
        return new Decision(
                account, fits ? verdict(statuses) : Verdict.DENIED, statuses, charging.amounts(), null, now);
    }

    private static Verdict verdict(Iterable<LimitStatus> statuses) {
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
