package dev.quotary.testkit;

import static dev.quotary.testkit.Holds.ORGANIZATION;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.LimitOverride;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Subject;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Maximum;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.PriceBook;
import dev.quotary.queue.Bounds;
import dev.quotary.queue.Turn;
import dev.quotary.queue.Waited;
import dev.quotary.queue.Waiting;
import dev.quotary.time.WindowCalendar;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitState;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Reserved;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays a {@link Scenario} against the engine over a limiter: what limits do beyond granting and denying. One organization, one plan, calls
 * of one request and some tokens. The clock begins at the start of 2026 in UTC and moves by {@code advance} alone.
 *
 * <pre>
 * limit     KEY METER/WINDOW[/SCOPE] MAXIMUM [burst N] [block|throttle|overage|queue|shadow] [beyond N] [grace Ns] [delay Ns] [wait Ns]
 * override  WHOM KEY MAXIMUM [for Ns]
 * reserve   ID by WHOM TOKENS [for Ns]  -> allowed [KEY STATE ...] | throttled Ns [KEY STATE ...] | denied KEY ... | waits
 * waited    ID                          -> as reserve, once the wait is over
 * settle    ID TOKENS                   -> done
 * release   ID                          -> released | nothing
 * reset     WHOM                        -> done         all limits of the subject alone
 * used      KEY by WHOM                 -> AMOUNT
 * held      KEY by WHOM                 -> AMOUNT
 * advance   Ns
 * </pre>
 */
public final class AdmissionPlayer implements Scenario.Player {
    private static final PlanKey PLAN = new PlanKey("plan");

    private final Limiter limiter;
    private final FakeClock clock = new FakeClock(Holds.START);
    private final FakeAlarms alarms = new FakeAlarms(clock);
    private final Deque<Runnable> jobs = new ArrayDeque<>();
    private final List<Limit> limits = new ArrayList<>();
    private final Map<String, List<LimitOverride>> overrides = new HashMap<>();
    private final Map<String, Hold> holds = new HashMap<>();
    private final Map<String, Waiting<Reserved>> waiting = new HashMap<>();
    private final Catalog catalog = new Catalog(declarations(List.of()));
    private final AdmissionQueue queue;
    private final Admissions admissions;

    public AdmissionPlayer(Limiter limiter) {
        this.limiter = limiter;
        this.queue = new AdmissionQueue(limiter, clock, Bounds.DEFAULT, alarms, jobs::add);
        this.admissions = new Admissions(catalog, limiter, clock, queue);
        catalog.onChange(queue::lookAgain);
    }

    private static Declarations declarations(List<Limit> limits) {
        var plan = new Plan(PLAN, 0, null, limits);
        var organization = new Organization(ORGANIZATION, "Acme", WindowCalendar.UTC, PLAN, null, true, true);
        return new Declarations(
                Map.of(), Map.of(PLAN, plan), Map.of(ORGANIZATION, organization), PriceBook.of(List.of()));
    }

    @Override
    public String play(List<String> words) {
        var step = LimitWords.Step.of(words);
        var answer = switch (words.getFirst()) {
            case "limit" -> declare(step);
            case "override" -> override(step);
            case "reserve" -> reserve(step);
            case "waited" -> waited(step);
            case "settle" -> settle(step);
            case "release" -> release(step);
            case "reset" -> reset(step.name());
            case "used" ->
                Long.toString(limiter.levels(ORGANIZATION, List.of(counter(step)), now())
                        .used(0));
            case "held" ->
                Long.toString(limiter.levels(ORGANIZATION, List.of(counter(step)), now())
                        .held(0));
            case "advance" -> advance(step);
            default -> throw new IllegalArgumentException("unknown step: " + words);
        };
        work();
        return answer;
    }

    private Instant now() {
        return clock.instant();
    }

    private String declare(LimitWords.Step step) {
        limits.add(LimitWords.limit(step));
        catalog.declare(declarations(limits));
        return "";
    }

    private String override(LimitWords.Step step) {
        var key = new LimitKey(step.rest().getFirst());
        var maximum = new Maximum(Long.parseLong(step.rest().get(1)));
        var until = step.seconds("for").map(now()::plus).orElse(null);
        overrides
                .computeIfAbsent(step.name(), _ -> new ArrayList<>())
                .add(new LimitOverride(key, maximum, until, null));
        var subject = new SubjectKey(step.name());
        catalog.put(List.of(
                new Subject(ORGANIZATION, subject, null, null, overrides.getOrDefault(step.name(), List.of()), false)));
        return "";
    }

    private String reserve(LimitWords.Step step) {
        var subject = new SubjectKey(step.whom());
        var tokens = Long.parseLong(step.rest().getFirst());
        var proposal = new Proposal(
                ReservationId.named(ORGANIZATION, step.name()),
                new Call(ORGANIZATION, subject, null, Dimensions.NONE),
                new Amounts(Quantities.ofTokens(1, tokens, 0), Money.ZERO),
                true,
                step.seconds("for").orElse(Holds.TTL),
                Hold.Origin.API,
                tokens + 1);
        var answer = admissions.reserve(proposal);
        if (!AdmissionQueue.mayWait(answer)) {
            return show(step.name(), answer);
        }
        waiting.put(step.name(), queue.enter(answer, new AdmissionQueue.Asking<>() {
            @Override
            public Reserved ask(Turn<CounterKey> turn) {
                return admissions.reserve(proposal, turn);
            }

            @Override
            public Reserved reserved(Reserved again) {
                return again;
            }
        }));
        return "waits";
    }

    private String waited(LimitWords.Step step) {
        var waits = waiting.get(step.name());
        if (waits == null) {
            throw new IllegalArgumentException(step.name() + " never waited");
        }
        @Nullable Waited<Reserved> over = waits.ended().toCompletableFuture().getNow(null);
        return over == null ? "waits" : show(step.name(), over.answer());
    }

    private String show(String name, Reserved reserved) {
        if (!(reserved instanceof Reserved.Decided(Decision decision))) {
            return reserved.toString();
        }
        var hold = decision.hold();
        if (hold == null) {
            return "denied" + keys(decision);
        }
        holds.put(name, hold);
        var delay = decision.delay();
        return (delay.isZero() ? "allowed" : "throttled " + delay.toSeconds() + "s") + states(decision);
    }

    private static String keys(Decision decision) {
        var text = new StringBuilder();
        decision.violations()
                .forEach(status -> text.append(' ').append(status.limit().key()));
        return text.toString();
    }

    private static String states(Decision decision) {
        var text = new StringBuilder();
        for (var status : decision.limits()) {
            if (status.state() != LimitState.OK) {
                text.append(' ')
                        .append(status.limit().key())
                        .append(' ')
                        .append(status.state().key());
            }
        }
        return text.toString();
    }

    /** As the ledger's follower does when the use is recorded. */
    private String settle(LimitWords.Step step) {
        var hold = holds.remove(step.name());
        if (hold == null) {
            throw new IllegalArgumentException(step.name() + " is not held");
        }
        long tokens = Long.parseLong(step.rest().getFirst());
        var postings = hold.charges().stream()
                .map(charge -> charge.counter())
                .filter(counter -> !counter.counted().inFlight())
                .map(counter -> Posting.add(counter, counter.counted().meter().equals(MeterKey.REQUESTS) ? 1 : tokens))
                .toList();
        limiter.settle(ORGANIZATION, hold.id(), postings, now());
        return "done";
    }

    private String release(LimitWords.Step step) {
        return admissions
                        .release(ORGANIZATION, ReservationId.named(ORGANIZATION, step.name()))
                        .isPresent()
                ? "released"
                : "nothing";
    }

    /** As the ledger's follower does after a reset. */
    private String reset(String whom) {
        for (var limit : limits) {
            if (limit.counted().scope() == Scope.SUBJECT && !limit.counted().inFlight()) {
                for (var window : limit.counted().counting(now(), WindowCalendar.UTC)) {
                    var counter = new CounterKey(ORGANIZATION, limit.counted(), whom, window);
                    limiter.correct(counter, 0);
                    limiter.exceeded(counter, null);
                }
            }
        }
        return "done";
    }

    private CounterKey counter(LimitWords.Step step) {
        var limit = limits.stream()
                .filter(known -> known.key().value().equals(step.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no limit " + step.name()));
        var whose = limit.counted().scope() == Scope.ORGANIZATION ? ORGANIZATION.value() : step.whom();
        return Holds.counter(limit.counted(), whose, now());
    }

    private String advance(LimitWords.Step step) {
        alarms.pass(LimitWords.duration(step.name()), this::work);
        return "";
    }

    private void work() {
        for (var job = jobs.poll(); job != null; job = jobs.poll()) {
            job.run();
        }
    }
}
