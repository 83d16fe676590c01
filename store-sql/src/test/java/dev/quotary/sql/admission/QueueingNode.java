package dev.quotary.sql.admission;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Subject;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Maximum;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.PriceBook;
import dev.quotary.queue.Alarms;
import dev.quotary.queue.Bounds;
import dev.quotary.queue.Turn;
import dev.quotary.queue.Waiting;
import dev.quotary.testkit.Holds;
import dev.quotary.time.Window;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Reserved;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A server as far as waiting goes: admissions with a queue over a limiter in the database, where an organization may have so many calls in
 * flight. Subjects whose names begin with {@code vip} have a plan of higher priority.
 */
final class QueueingNode implements AutoCloseable {
    static final CounterKey IN_FLIGHT = new CounterKey(
            Holds.ORGANIZATION,
            new Counted(MeterKey.REQUESTS, Filter.ALL, Scope.ORGANIZATION, WindowSpec.IN_FLIGHT),
            Holds.ORGANIZATION.value(),
            Window.ENDLESS);

    private static final OrganizationKey ACME = Holds.ORGANIZATION;
    private static final List<String> SUBJECTS = List.of("ada", "bob", "cid", "vip-1", "vip-2");

    private final PostgresLimiter limiter;
    final AdmissionQueue queue;
    private final Admissions admissions;

    /** How calls wait: for so many in flight, for so long. */
    record Queued(int parallel, Duration patience, Duration ttl) {}

    private final Queued queued;

    QueueingNode(PostgresLimiter limiter, Queued queued, InstantSource clock, ScheduledExecutorService scheduler) {
        this.limiter = limiter;
        this.queued = queued;
        this.queue = new AdmissionQueue(
                limiter,
                clock,
                Bounds.DEFAULT,
                Alarms.of(scheduler, System::nanoTime),
                job -> Thread.ofVirtual().start(job));
        var catalog = new Catalog(declarations(queued));
        var subjects = new ArrayList<Subject>();
        for (var name : SUBJECTS) {
            var plan = new PlanKey(name.startsWith("vip") ? "pro" : "free");
            subjects.add(new Subject(ACME, new SubjectKey(name), null, plan, List.of(), false));
        }
        catalog.put(subjects);
        this.admissions = new Admissions(catalog, limiter, clock, queue);
    }

    private static Declarations declarations(Queued queued) {
        var exceeded = new Exceeded(
                Exceeded.Action.QUEUE,
                OptionalInt.of(429),
                queued.patience(),
                OptionalLong.empty(),
                Duration.ZERO,
                Duration.ZERO);
        var limit = new Limit(
                new LimitKey("parallel"),
                IN_FLIGHT.counted(),
                new Maximum(queued.parallel()),
                List.of(),
                exceeded,
                OnStoreFailure.DENY);
        var free = new Plan(new PlanKey("free"), 0, null, List.of(limit));
        var pro = new Plan(new PlanKey("pro"), 5, null, List.of(limit));
        var acme = new Organization(ACME, "Acme", WindowCalendar.UTC, free.key(), null, true, true);
        return new Declarations(
                Map.of(), Map.of(free.key(), free, pro.key(), pro), Map.of(ACME, acme), PriceBook.of(List.of()));
    }

    /** A call that asks, and waits where it is told to. */
    Reserved reserve(Proposal proposal) {
        return admissions.reserve(proposal);
    }

    Waiting<Reserved> enter(Proposal proposal, Reserved refused) {
        return queue.enter(refused, new AdmissionQueue.Asking<>() {
            @Override
            public Reserved ask(Turn<CounterKey> turn) {
                return admissions.reserve(proposal, turn);
            }

            @Override
            public Reserved reserved(Reserved answer) {
                return answer;
            }
        });
    }

    /** Asks for a call that must find no room, and lets it wait. */
    Waiting<Reserved> waits(long number, String subject) {
        var proposal = proposal(number, subject);
        var refused = reserve(proposal);
        if (!AdmissionQueue.mayWait(refused)) {
            throw new AssertionError("expected a call that may wait, was " + refused);
        }
        return enter(proposal, refused);
    }

    Proposal proposal(long number, String subject) {
        var call = new Call(ACME, new SubjectKey(subject), null, Dimensions.NONE);
        var amounts = new Amounts(Quantities.ofTokens(1, 0, 0), Money.ZERO);
        return new Proposal(id(number), call, amounts, true, queued.ttl(), Hold.Origin.API, 1);
    }

    static ReservationId id(long number) {
        return new ReservationId(0x0190_0000_0000_7000L, number);
    }

    boolean release(long number) {
        return admissions.release(ACME, id(number)).isPresent();
    }

    long held(InstantSource clock) {
        return limiter.levels(ACME, List.of(IN_FLIGHT), clock.instant()).held(0);
    }

    @Override
    public void close() {
        queue.close();
        limiter.close();
    }
}
