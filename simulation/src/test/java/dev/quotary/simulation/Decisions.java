package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.limit.Charge;
import dev.quotary.limit.Hold;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.meter.Amounts;
import dev.quotary.simulation.Face.Answer;
import dev.quotary.simulation.Truth.Standing;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitStatus;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Reserved;
import dev.quotary.usage.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Has decisions made, each of which is known beforehand. */
final class Decisions {
    private final ServerProcess process;
    private final Truth truth;
    private final SimulatedDisk disk;

    Decisions(ServerProcess process, Truth truth, SimulatedDisk disk) {
        this.process = process;
        this.truth = truth;
        this.disk = disk;
    }

    Answer check(Message.Check message) {
        var proposal = message.proposal();
        var now = process.now();
        var standings = truth.standings(proposal.call(), now, now);
        var reserved = process.admissions().check(proposal);
        if (truth.rules().blocked(proposal.call().subject())) {
            assertThat(reserved).isEqualTo(new Reserved.SubjectBlocked());
        } else if (truth.settled(standings)) {
            var decision = ((Reserved.Decided) reserved).decision();
            assertThat(decision.verdict().allowed())
                    .as("check foretells reserve")
                    .isEqualTo(fits(standings, proposal.amounts()));
            same(decision, standings);
        }
        return Answer.done(message);
    }

    Answer reserve(Message.Reserve message) {
        var proposal = message.proposal();
        var now = process.now();
        var holding = truth.holding(proposal.id());
        var standings = truth.standings(proposal.call(), now, now);
        int failures = disk.failures();
        Reserved reserved;
        try {
            reserved = process.admissions().reserve(proposal);
        } catch (StoreUnavailableException e) {
            assertThat(disk.failures()).as("the journal has failed").isGreaterThan(failures);
            assertThat(standings)
                    .as("a limit has been told to deny without its store")
                    .anyMatch(standing -> standing.rule().onStoreFailure() == OnStoreFailure.DENY);
            return Answer.failed(message);
        } catch (Crash e) {
            holding.mayHaveWritten(Optional.of(hold(proposal, now)));
            throw e;
        }
        if (truth.rules().blocked(proposal.call().subject())) {
            assertThat(reserved).as("a blocked subject is refused").isEqualTo(new Reserved.SubjectBlocked());
            return Answer.refused(message);
        }
        return switch (reserved) {
            case Reserved.Decided(Decision decision) -> decided(message, decision, standings, failures);
            case Reserved.Mismatch _ -> {
                assertThat(holding.hold).as("another request has the id").isNotNull();
                assertThat(Objects.requireNonNull(holding.hold).fingerprint()).isNotEqualTo(proposal.fingerprint());
                yield Answer.refused(message);
            }
            case Reserved.Closed _ -> {
                assertThat(holding.closed && holding.hold == null)
                        .as("%s was settled or released", Shown.of(proposal.id()))
                        .isTrue();
                yield Answer.refused(message);
            }
            case Reserved.SubjectUnknown _, Reserved.SubjectBlocked _, Reserved.ModelNotPriced _ ->
                throw new AssertionError("nobody expected " + reserved);
        };
    }

    private Answer decided(Message.Reserve message, Decision decision, List<Standing> standings, int failuresBefore) {
        var proposal = message.proposal();
        var now = process.now();
        var holding = truth.holding(proposal.id());
        var known = holding.hold;
        assertThat(known == null || known.fingerprint() == proposal.fingerprint())
                .as("other content under %s is a mismatch", Shown.of(proposal.id()))
                .isTrue();
        if (holding.live(now)) {
            assertThat(decision.hold())
                    .as("INV-13: a repeated request has the same answer")
                    .isEqualTo(known);
            return new Answer(message, Answer.Kind.DONE, known);
        }
        assertThat(holding.closed && known == null)
                .as("what is settled is not admitted again")
                .isFalse();
        var granted = decision.hold();
        if (granted == null) {
            denied(decision, standings, proposal.amounts());
            return Answer.refused(message);
        }
        assertThat(granted).isEqualTo(withChargesOf(granted, hold(proposal, now)));
        for (var standing : standings) {
            assertThat(!truth.settled(standing.counter()) || standing.fits(amount(standing, proposal)))
                    .as("INV-2: %s admitted only where it fits", standing)
                    .isTrue();
        }
        boolean unmetered = disk.failures() > failuresBefore;
        assertThat(decision.verdict() == Verdict.ALLOWED_UNMETERED)
                .as("a decision without its store says so")
                .isEqualTo(unmetered);
        truth.begunGraces(standings, proposal.amounts(), now);
        holding.held(granted, truth.charges(proposal.call(), proposal.amounts(), now, now), !unmetered);
        var after = truth.standings(proposal.call(), now, now);
        truth.graces().shown(decision, after, now);
        same(decision, after);
        return new Answer(message, Answer.Kind.DONE, granted);
    }

    private static long amount(Standing standing, Proposal proposal) {
        return proposal.amounts().of(standing.rule().counted().meter());
    }

    private void denied(Decision decision, List<Standing> standings, Amounts amounts) {
        assertThat(decision.verdict()).isEqualTo(Verdict.DENIED);
        truth.graces().shown(decision, standings, process.now());
        if (!truth.settled(standings)) {
            return;
        }
        var expected = standings.stream()
                .filter(standing ->
                        !standing.fits(amounts.of(standing.rule().counted().meter())))
                .map(standing -> standing.rule().key())
                .sorted()
                .toList();
        assertThat(decision.violations().stream()
                        .map(status -> status.limit().key().value())
                        .sorted())
                .as("INV-1: a denial names all limits without room, and only them")
                .isNotEmpty()
                .containsExactlyElementsOf(expected);
        same(decision, standings);
    }

    private static boolean fits(List<Standing> standings, Amounts amounts) {
        return standings.stream()
                .allMatch(standing ->
                        standing.fits(amounts.of(standing.rule().counted().meter())));
    }

    /** The answer shows every limit as it is. */
    private void same(Decision decision, List<Standing> standings) {
        if (truth.settled(standings)) {
            assertThat(decision.limits().stream().map(Decisions::shown).sorted())
                    .as("INV-7: the answer shows every limit as it is")
                    .containsExactlyElementsOf(
                            standings.stream().map(Decisions::shown).sorted().toList());
        }
    }

    private static String shown(LimitStatus status) {
        return status.limit().key() + " used " + status.used() + " held " + status.held() + " on " + status.counter();
    }

    private static String shown(Standing standing) {
        return standing.rule().key() + " used " + standing.used() + " held " + standing.held() + " on "
                + standing.counter();
    }

    Answer extend(Message.Extend message) {
        var now = process.now();
        var holding = truth.holding(message.id());
        var organization = truth.rules().organization();
        var found = process.admissions().find(organization, message.id());
        assertThat(found.orElse(null)).isEqualTo(holding.hold);
        if (found.isEmpty()) {
            return Answer.refused(message);
        }
        var old = found.get();
        var amounts = old.amounts().plus(message.more());
        var charges = truth.charges(old.call(), amounts, old.admittedAt(), now);
        var oldCharges = holding.charges;
        int failures = disk.failures();
        Reserved reserved;
        try {
            reserved = process.admissions().extend(old, message.more(), message.ttl());
        } catch (StoreUnavailableException e) {
            assertThat(disk.failures()).as("the journal has failed").isGreaterThan(failures);
            return Answer.failed(message);
        } catch (Crash e) {
            holding.mayHaveWritten(Optional.of(extended(old, amounts, expiry(now, message.ttl()))));
            throw e;
        }
        if (truth.rules().blocked(old.call().subject())) {
            assertThat(reserved).as("a blocked subject holds no more").isEqualTo(new Reserved.SubjectBlocked());
            return Answer.refused(message);
        }
        if (old.expired(now)) {
            assertThat(reserved).as("what has expired is not extended").isEqualTo(new Reserved.Closed());
            return Answer.refused(message);
        }
        var standings = truth.standings(old.call(), old.admittedAt(), now);
        boolean fits = standings.stream()
                .allMatch(standing -> room(standing, amounts, Holding.on(standing.counter(), oldCharges)));
        var decision = ((Reserved.Decided) reserved).decision();
        var larger = decision.hold();
        boolean known = known(standings, oldCharges, now);
        if (known) {
            assertThat(larger != null).as("INV-2: extended where it fits").isEqualTo(fits);
        }
        if (larger == null) {
            return Answer.refused(message);
        }
        truth.begunGraces(
                standings.stream()
                        .map(standing -> standing.without(Holding.on(standing.counter(), oldCharges)))
                        .toList(),
                amounts,
                now);
        truth.graces().shown(decision, standings, now);
        assertThat(larger).isEqualTo(withChargesOf(larger, extended(old, amounts, expiry(now, message.ttl()))));
        holding.held(larger, charges, true);
        if (known) {
            same(decision, truth.standings(old.call(), old.admittedAt(), now));
        }
        return new Answer(message, Answer.Kind.DONE, larger);
    }

    /** The use of a window that has ended may be forgotten where the reservation holds nothing in it. */
    private boolean known(List<Standing> standings, List<Charge> held, Instant now) {
        return truth.settled(standings) && standings.stream().allMatch(standing -> known(standing, held, now));
    }

    /** An extension in a sliding window asks for room in the fullest stretch around its admission, which is not told here. */
    private static boolean known(Standing standing, List<Charge> held, Instant now) {
        var counter = standing.counter();
        boolean open = counter.window().end().isAfter(now);
        return !standing.rule().sliding()
                && !standing.rule().graced()
                && (open || (standing.rule().burst() == 0 && Holding.on(counter, held) > 0));
    }

    /** What is held more than before needs room beside everything else. */
    private static boolean room(Standing standing, Amounts amounts, long before) {
        long amount = amounts.of(standing.rule().counted().meter());
        return amount <= before || standing.without(before).fits(amount);
    }

    Answer release(Message.Release message) {
        var holding = truth.holding(message.id());
        int failures = disk.failures();
        try {
            var released = process.admissions().release(truth.rules().organization(), message.id());
            assertThat(released.orElse(null)).as("released is what was held").isEqualTo(holding.hold);
            if (released.isPresent()) {
                holding.closed(disk.failures() == failures);
            }
            return released.isPresent() ? Answer.done(message) : Answer.refused(message);
        } catch (Crash e) {
            holding.mayHaveWritten(Optional.empty());
            throw e;
        }
    }

    static Hold hold(Proposal proposal, Instant now) {
        return new Hold(
                proposal.id(),
                proposal.call(),
                proposal.amounts(),
                List.of(),
                now,
                expiry(now, proposal.ttl()),
                proposal.origin(),
                proposal.fingerprint());
    }

    private static Hold extended(Hold old, Amounts amounts, Instant expiresAt) {
        return new Hold(
                old.id(),
                old.call(),
                amounts,
                List.of(),
                old.admittedAt(),
                expiresAt.isAfter(old.expiresAt()) ? expiresAt : old.expiresAt(),
                old.origin(),
                old.fingerprint());
    }

    /** Holds are compared without their charges, which are known on their own. */
    static Hold withChargesOf(Hold charged, Hold hold) {
        return new Hold(
                hold.id(),
                hold.call(),
                hold.amounts(),
                charged.charges(),
                hold.admittedAt(),
                hold.expiresAt(),
                hold.origin(),
                hold.fingerprint());
    }

    /** The first whole second that is not before the end. */
    static Instant expiry(Instant now, Duration ttl) {
        var end = now.plus(ttl);
        return end.getNano() == 0 ? end : Instant.ofEpochSecond(end.getEpochSecond() + 1);
    }
}
