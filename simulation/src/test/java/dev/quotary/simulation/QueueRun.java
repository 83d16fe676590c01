package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Posting;
import dev.quotary.limit.RecoverableLimiter;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.queue.Turn;
import dev.quotary.queue.Waited;
import dev.quotary.queue.Waited.Ending;
import dev.quotary.queue.Waiting;
import dev.quotary.testkit.FakeAlarms;
import dev.quotary.testkit.FakeClock;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Decision;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Reserved;
import dev.quotary.usage.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of calls that wait for room, over the real engine, limiter and journal: calls come, end, expire, leave and run out of time;
 * limits change, subjects are blocked, the clock is set, the disk is full, the process is killed at any effect and started again.
 *
 * <p>Known here is who was granted what. From that follows what every counter holds, and who must not be waiting any more.
 */
final class QueueRun {
    private static final int STEPS = 120;
    private static final int UNITS_MAX = 2;
    /** Longer than any wait, hold or window of these runs. */
    private static final Duration LONG = Duration.ofHours(1);

    private final Fate fate = new Fate();
    private final FakeClock clock = new FakeClock(Instant.parse("2026-03-31T23:58:20.25Z"));
    private final FakeAlarms alarms = new FakeAlarms(clock);
    private final SimulatedDisk disk = new SimulatedDisk(fate);
    private final UnaryOperator<RecoverableLimiter> breakage;
    private final List<Caller> waiting = new ArrayList<>();
    private final Map<ReservationId, Hold> held = new LinkedHashMap<>();
    /** Holds that the journal may have or not have. */
    private final Set<ReservationId> unsure = new HashSet<>();

    private final Map<CounterKey, Long> used = new LinkedHashMap<>();
    private QueueRules rules = QueueRules.FIRST;
    private QueueProcess process;
    private long lastNumber;

    QueueRun(UnaryOperator<RecoverableLimiter> breakage) {
        this.breakage = breakage;
        this.process = start();
    }

    /** A call that waits. */
    private final class Caller implements AdmissionQueue.Asking<Reserved> {
        final QueueProcess asked = process;
        final Proposal proposal;
        final long since = alarms.nanos();

        @Nullable Waiting<Reserved> place;

        Caller(Proposal proposal) {
            this.proposal = proposal;
        }

        @Override
        public Reserved ask(Turn<CounterKey> turn) {
            return asked.alive(() -> reserve(proposal, () -> asked.admissions().reserve(proposal, turn)));
        }

        @Override
        public Reserved reserved(Reserved answer) {
            return answer;
        }

        SubjectKey subject() {
            return QueueRun.subject(proposal.call());
        }

        int priority() {
            return QueueRules.priority(subject());
        }

        long units() {
            return QueueRun.units(proposal.amounts());
        }
    }

    /** @throws AssertionError with what led to it */
    void play(long seed) {
        fate.begin(seed);
        try {
            for (int step = 0; step < STEPS; step++) {
                guarded(this::step);
            }
            rest();
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n  ", fate.trace()) + "\n" + e.getMessage(), e);
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
            process.work();
            check();
        } catch (Crash _) {
            process.die();
        }
        if (process.dead()) {
            died();
        }
    }

    private void step() {
        switch (fate.below(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8 -> comes();
            case 9, 10, 11 -> ends();
            case 12 -> leaves();
            case 13 -> changes();
            case 14 -> blocks();
            case 15 -> disk.full(fate.oneIn(3));
            case 16 -> setClock();
            case 17 -> fate.doom(1 + fate.below(8));
            case 18, 19 -> calm();
            case 20 -> {
                if (fate.oneIn(3)) {
                    stop();
                }
            }
            default -> pass(Duration.ofMillis(fate.below(1_500)));
        }
    }

    private void comes() {
        var subject = fate.pick(QueueRules.SUBJECTS);
        var call = new Call(QueueRules.ACME, subject, null, Dimensions.NONE);
        var amounts = new Amounts(Quantities.ofTokens(1 + fate.below(UNITS_MAX), 0, 0), Money.ZERO);
        var ttl = Duration.ofSeconds(1 + fate.below(20));
        var id = new ReservationId(0x0190_0000_0000_7000L, ++lastNumber);
        var proposal = new Proposal(id, call, amounts, true, ttl, Hold.Origin.API, 1);
        fate.say(Shown.time(process.now()) + " comes " + Shown.of(proposal));
        Reserved first;
        int failures = disk.failures();
        try {
            first = reserve(proposal, () -> process.admissions().reserve(proposal));
        } catch (StoreUnavailableException e) {
            assertThat(disk.failures()).as("the journal has failed").isGreaterThan(failures);
            return;
        }
        if (!AdmissionQueue.mayWait(first)) {
            return;
        }
        var caller = new Caller(proposal);
        waiting.add(caller);
        caller.place = process.queue().enter(first, caller);
        caller.place.ended().whenComplete((waited, failure) -> ended(caller, waited, failure));
    }

    private Reserved reserve(Proposal proposal, Supplier<Reserved> asked) {
        unsure.add(proposal.id());
        Reserved reserved;
        try {
            reserved = asked.get();
        } catch (StoreUnavailableException e) {
            unsure.remove(proposal.id());
            throw e;
        }
        unsure.remove(proposal.id());
        return admitted(proposal, reserved);
    }

    /** Takes note of what was granted, at the very moment. */
    private Reserved admitted(Proposal proposal, Reserved reserved) {
        if (reserved instanceof Reserved.Decided(Decision decision) && decision.hold() != null) {
            var hold = decision.hold();
            fate.say("  granted " + Shown.of(hold.id()));
            held.put(hold.id(), hold);
            if (decision.verdict() == Verdict.ALLOWED_UNMETERED) {
                unsure.add(hold.id());
            }
            assertThat(inFlight())
                    .as("INV-1: no more than the limit of now is in flight")
                    .isLessThanOrEqualTo(rules.parallel());
        } else if (reserved instanceof Reserved.SubjectBlocked) {
            assertThat(rules.blocked())
                    .as("refused is who is blocked")
                    .contains(proposal.call().subject());
        }
        return reserved;
    }

    private void ended(Caller caller, @Nullable Waited<Reserved> waited, @Nullable Throwable failure) {
        if (caller.asked.dead()) {
            return; // Nobody hears a dead process.
        }
        assertThat(waiting.remove(caller)).as("answered once").isTrue();
        if (waited == null) {
            var cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
            assertThat(cause).as("only a store fails").isInstanceOf(StoreUnavailableException.class);
            return;
        }
        fate.say("  " + waited.ending() + " " + Shown.of(caller.proposal.id()) + " after " + waited.millis() + " ms");
        assertThat(waited.millis()).as("nobody waits too long").isLessThanOrEqualTo(QueueRules.WAIT.toMillis());
        assertThat(waited.ending()).as("there is a place for everybody").isNotEqualTo(Ending.FULL);
    }

    private void ends() {
        if (held.isEmpty()) {
            return;
        }
        var hold = fate.pick(List.copyOf(held.values()));
        int failures = disk.failures();
        // Told before: the process may die within it.
        unsure.add(hold.id());
        if (fate.oneIn(2)) {
            fate.say("release " + Shown.of(hold.id()));
            var _ = process.admissions().release(QueueRules.ACME, hold.id());
        } else {
            fate.say("settle " + Shown.of(hold.id()));
            var rate = QueueRules.rate(subject(hold.call()), hold.admittedAt());
            used.merge(rate, units(hold.amounts()), Long::sum);
            process.limiter()
                    .settle(
                            QueueRules.ACME,
                            hold.id(),
                            List.of(Posting.add(rate, units(hold.amounts()))),
                            process.now());
        }
        held.remove(hold.id());
        if (disk.failures() == failures) {
            unsure.remove(hold.id());
        }
    }

    private void leaves() {
        if (!waiting.isEmpty()) {
            var caller = fate.pick(waiting);
            fate.say("leaves " + Shown.of(caller.proposal.id()));
            Objects.requireNonNull(caller.place).leave();
        }
    }

    private void changes() {
        rules = rules.withParallel(1 + fate.below(5));
        fate.say("parallel " + rules.parallel());
        process.catalog().declare(rules.declarations());
    }

    private void blocks() {
        var subject = fate.pick(QueueRules.SUBJECTS);
        boolean blocked = fate.oneIn(2);
        fate.say((blocked ? "block " : "unblock ") + subject);
        rules = rules.withBlocked(subject, blocked);
        process.catalog().put(rules.subjects());
    }

    private void setClock() {
        var by = Duration.ofMillis(fate.below(2) == 0 ? fate.below(90_000) : -fate.below(5_000));
        fate.say("clock by " + by);
        clock.advance(by);
    }

    private void stop() {
        fate.say("stop in order");
        process.queue().close();
        process.work();
        assertThat(waiting).as("a stop sends everybody away").isEmpty();
        throw new Crash("stopped");
    }

    private void pass(Duration time) {
        alarms.pass(time, process::work);
    }

    /** After a whole second, at which windows end and holds expire, and after room was made by hand, nobody waits who could go. */
    private void calm() {
        process.work();
        pass(Duration.ofSeconds(2).plus(untilSecond()));
        process.work();
        if (disk.isFull() || clock.instant().isBefore(process.now())) {
            return;
        }
        noneCouldGo();
        ends();
        process.work();
        noneCouldGo();
    }

    private void noneCouldGo() {
        if (process.dead()) {
            return;
        }
        for (var caller : waiting) {
            assertThat(lacks(caller) || waiting.stream().anyMatch(other -> mayStandBefore(other, caller)))
                    .as("whoever could go has gone: %s", Shown.of(caller.proposal))
                    .isTrue();
        }
    }

    private Duration untilSecond() {
        var now = clock.instant();
        return Duration.between(now, Instant.ofEpochSecond(now.getEpochSecond() + 1));
    }

    private boolean lacks(Caller caller) {
        return lacksParallel(caller) || lacksRate(caller);
    }

    private boolean lacksParallel(Caller caller) {
        return inFlight() + caller.units() > rules.parallel();
    }

    private boolean lacksRate(Caller caller) {
        var rate = QueueRules.rate(caller.subject(), process.now());
        long taken = used.getOrDefault(rate, 0L)
                + live().filter(hold -> rate.equals(QueueRules.rate(subject(hold.call()), hold.admittedAt())))
                        .mapToLong(hold -> units(hold.amounts()))
                        .sum();
        return taken + caller.units() > QueueRules.RATE_MAX;
    }

    private boolean mayStandBefore(Caller other, Caller caller) {
        boolean sameRate = other.subject().equals(caller.subject()) && lacksRate(other);
        return other != caller && other.priority() >= caller.priority() && (sameRate || lacksParallel(other));
    }

    /** What is held is what was granted and has not ended. */
    private void check() {
        if (process.dead()) {
            return;
        }
        held.values().removeIf(hold -> hold.expired(process.now()));
        var levels = process.limiter().levels(QueueRules.ACME, List.of(QueueRules.IN_FLIGHT), process.now());
        assertThat(levels.held(0)).as("INV-3: what live calls hold").isEqualTo(inFlight());
        assertThat(process.queue().waiting()).as("who waits").isEqualTo(waiting.size());
        for (var caller : waiting) {
            assertThat(alarms.nanos() - caller.since)
                    .as("nobody is left waiting")
                    .isLessThan(QueueRules.WAIT.toNanos());
        }
    }

    private Stream<Hold> live() {
        var now = process.now();
        return held.values().stream().filter(hold -> !hold.expired(now));
    }

    private long inFlight() {
        return live().mapToLong(hold -> units(hold.amounts())).sum();
    }

    private static SubjectKey subject(Call call) {
        return Objects.requireNonNull(call.subject());
    }

    private static long units(Amounts amounts) {
        return amounts.quantities().requests();
    }

    /** Whoever waited hears nothing any more and holds nothing; what was granted is found again. */
    private void died() {
        fate.say("process ends");
        fate.spare();
        process.die();
        waiting.clear();
        disk.full(false);
        process = start();
        var known = new HashSet<ReservationId>();
        for (var hold : process.limiter().openHolds()) {
            if (!hold.expired(process.now())) {
                known.add(hold.id());
                process.limiter().restore(hold.charged(charges(hold)), process.now());
                assertThat(held.containsKey(hold.id())
                                || unsure.contains(hold.id())
                                || hold.id().low() <= lastNumber)
                        .isTrue();
                held.putIfAbsent(hold.id(), hold);
            }
        }
        held.values()
                .removeIf(hold ->
                        hold.expired(process.now()) || (unsure.contains(hold.id()) && !known.contains(hold.id())));
        assertThat(known).as("INV-3: what was granted outlives the process").isEqualTo(held.keySet());
        used.forEach(process.limiter()::correct);
        unsure.clear();
    }

    /** The journal has none: they follow from the limits of now. */
    private List<Charge> charges(Hold hold) {
        long units = units(hold.amounts());
        var rate = QueueRules.rate(subject(hold.call()), hold.admittedAt());
        return List.of(
                new Charge(QueueRules.IN_FLIGHT, units, rules.parallel()),
                new Charge(rate, units, QueueRules.RATE_MAX));
    }

    private QueueProcess start() {
        return new QueueProcess(clock, alarms, disk, breakage, rules);
    }

    private void rest() {
        fate.spare();
        disk.full(false);
        pass(LONG);
        process.work();
        check();
        assertThat(waiting).as("nobody waits for ever").isEmpty();
        assertThat(inFlight()).isZero();
    }
}
