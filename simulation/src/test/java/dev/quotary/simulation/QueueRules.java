package dev.quotary.simulation;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Subject;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Maximum;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.price.PriceBook;
import dev.quotary.time.Window;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is declared where calls wait: an organization's calls in flight, and requests per minute of each subject. Immutable.
 *
 * @param parallel calls in flight
 * @param blocked subjects
 */
record QueueRules(long parallel, Set<SubjectKey> blocked) {
    static final OrganizationKey ACME = new OrganizationKey("acme");
    static final List<SubjectKey> SUBJECTS =
            List.of(new SubjectKey("ada"), new SubjectKey("bob"), new SubjectKey("vip-1"), new SubjectKey("vip-2"));
    static final Duration WAIT = Duration.ofSeconds(4);
    static final long RATE_MAX = 4;
    static final QueueRules FIRST = new QueueRules(3, Set.of());

    private static final Counted PARALLEL =
            new Counted(MeterKey.REQUESTS, Filter.ALL, Scope.ORGANIZATION, WindowSpec.IN_FLIGHT);
    private static final Counted RATE =
            new Counted(MeterKey.REQUESTS, Filter.ALL, Scope.SUBJECT, WindowSpec.parse("minute"));
    static final CounterKey IN_FLIGHT = new CounterKey(ACME, PARALLEL, ACME.value(), Window.ENDLESS);

    QueueRules {
        blocked = Set.copyOf(blocked);
    }

    static CounterKey rate(SubjectKey subject, Instant at) {
        return new CounterKey(ACME, RATE, subject.value(), RATE.window().at(at, WindowCalendar.UTC));
    }

    static int priority(SubjectKey subject) {
        return subject.value().startsWith("vip") ? 5 : 0;
    }

    QueueRules withParallel(long other) {
        return new QueueRules(other, blocked);
    }

    QueueRules withBlocked(SubjectKey subject, boolean now) {
        var others = new HashSet<>(blocked);
        if (now) {
            others.add(subject);
        } else {
            others.remove(subject);
        }
        return new QueueRules(parallel, others);
    }

    List<Subject> subjects() {
        return SUBJECTS.stream()
                .map(key -> new Subject(ACME, key, null, plan(key), List.of(), blocked.contains(key)))
                .toList();
    }

    private static PlanKey plan(SubjectKey subject) {
        return new PlanKey(priority(subject) > 0 ? "pro" : "free");
    }

    /** Whoever pays is not let through where the journal fails; others are. */
    Declarations declarations() {
        var plans = new HashMap<PlanKey, Plan>();
        for (var subject : SUBJECTS) {
            int priority = priority(subject);
            var onFailure = priority > 0 ? OnStoreFailure.DENY : OnStoreFailure.ALLOW;
            var limits =
                    List.of(limit("parallel", PARALLEL, parallel, onFailure), limit("rate", RATE, RATE_MAX, onFailure));
            plans.put(plan(subject), new Plan(plan(subject), priority, null, limits));
        }
        var acme = new Organization(ACME, "Acme", WindowCalendar.UTC, new PlanKey("free"), null, true, true);
        return new Declarations(Map.of(), plans, Map.of(ACME, acme), PriceBook.of(List.of()));
    }

    private static Limit limit(String key, Counted counted, long maximum, OnStoreFailure onFailure) {
        var queue = new Exceeded(
                Exceeded.Action.QUEUE, OptionalInt.of(429), WAIT, OptionalLong.empty(), Duration.ZERO, Duration.ZERO);
        return new Limit(new LimitKey(key), counted, new Maximum(maximum), List.of(), queue, onFailure);
    }
}
