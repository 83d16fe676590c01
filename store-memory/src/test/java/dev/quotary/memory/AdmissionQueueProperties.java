package dev.quotary.memory;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.quotary.queue.Bounds;
import dev.quotary.queue.Turn;
import dev.quotary.queue.Waited.Ending;
import dev.quotary.queue.Waiting;
import dev.quotary.testkit.FakeAlarms;
import dev.quotary.testkit.FakeClock;
import dev.quotary.testkit.Holds;
import dev.quotary.testkit.Seeds;
import dev.quotary.time.Window;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Decision;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Reserved;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The queue over the real limiter: random calls of two plans come, end, expire, leave and time out, and limits are raised. */
class AdmissionQueueProperties {
    private static final OrganizationKey ACME = Holds.ORGANIZATION;
    private static final Duration WAIT = Duration.ofSeconds(4);
    private static final List<String> SUBJECTS = List.of("ada", "bob", "vip-1", "vip-2");
    private static final Counted PARALLEL =
            new Counted(MeterKey.REQUESTS, Filter.ALL, Scope.ORGANIZATION, WindowSpec.IN_FLIGHT);
    private static final Counted RATE =
            new Counted(MeterKey.REQUESTS, Filter.ALL, Scope.SUBJECT, WindowSpec.parse("minute"));

    private static final class Run {
        final FakeClock clock = new FakeClock();
        final FakeAlarms alarms = new FakeAlarms(clock);
        final Deque<Runnable> jobs = new ArrayDeque<>();
        final MemoryLimiter limiter = new MemoryLimiter();
        final Catalog catalog = new Catalog(declarations(3));
        final AdmissionQueue queue = new AdmissionQueue(limiter, clock, Bounds.DEFAULT, alarms, jobs::add);
        final Admissions admissions = new Admissions(catalog, limiter, clock, queue);
        final RandomGenerator random;
        final List<Waiting<Reserved>> waiting = new ArrayList<>();
        final List<Hold> held = new ArrayList<>();
        final List<Long> waits = new ArrayList<>();
        int maximum = 3;
        long calls;

        Run(RandomGenerator random) {
            this.random = random;
            catalog.onChange(queue::lookAgain);
            catalog.put(SUBJECTS.stream()
                    .map(name -> new Subject(
                            ACME,
                            new SubjectKey(name),
                            null,
                            new PlanKey(name.startsWith("vip") ? "pro" : "free"),
                            List.of(),
                            false))
                    .toList());
        }

        static Declarations declarations(int parallel) {
            var plans = new HashMap<PlanKey, Plan>();
            for (var name : List.of("free", "pro")) {
                var key = new PlanKey(name);
                var limits = List.of(limit("parallel", PARALLEL, parallel), limit("rate", RATE, 4));
                plans.put(key, new Plan(key, name.equals("pro") ? 5 : 0, null, limits));
            }
            var acme = new Organization(ACME, "Acme", WindowCalendar.UTC, new PlanKey("free"), null, true, true);
            return new Declarations(Map.of(), plans, Map.of(ACME, acme), PriceBook.of(List.of()));
        }

        static Limit limit(String key, Counted counted, int maximum) {
            var exceeded = new Exceeded(
                    Exceeded.Action.QUEUE,
                    OptionalInt.of(429),
                    WAIT,
                    OptionalLong.empty(),
                    Duration.ZERO,
                    Duration.ZERO);
            return new Limit(
                    new LimitKey(key), counted, new Maximum(maximum), List.of(), exceeded, OnStoreFailure.ALLOW);
        }

        void go() {
            for (int step = 0; step < 150; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3, 4, 5 -> comes();
                    case 6, 7 -> ends();
                    case 8 -> leaves();
                    case 9 -> raises();
                    default -> pass(Duration.ofMillis(random.nextInt(1_500)));
                }
                check();
            }
            pass(Duration.ofMinutes(3));
            assertThat(queue.waiting()).isZero();
            assertThat(waits).hasSameSizeAs(waiting).allMatch(millis -> millis <= WAIT.toMillis());
            assertThat(waiting)
                    .allMatch(each -> each.ended().toCompletableFuture().isDone());
            assertThat(inFlight()).isZero();
            assertThat(alarms.pending()).isZero();
        }

        void comes() {
            var subject = new SubjectKey(SUBJECTS.get(random.nextInt(SUBJECTS.size())));
            var call = new Call(ACME, subject, null, Dimensions.NONE);
            var amounts = new Amounts(Quantities.ofTokens(random.nextInt(1, 3), 0, 0), Money.ZERO);
            var ttl = Duration.ofSeconds(random.nextInt(1, 20));
            var id = new ReservationId(0x0190_0000_0000_7000L, ++calls);
            var proposal = new Proposal(id, call, amounts, true, ttl, Hold.Origin.API, 1);
            var first = admissions.reserve(proposal);
            if (!AdmissionQueue.mayWait(first)) {
                granted(first);
                return;
            }
            var waiter = queue.enter(first, new AdmissionQueue.Asking<Reserved>() {
                @Override
                public Reserved ask(Turn<CounterKey> turn) {
                    return admissions.reserve(proposal, turn);
                }

                @Override
                public Reserved reserved(Reserved answer) {
                    return answer;
                }
            });
            waiting.add(waiter);
            waiter.ended().thenAccept(waited -> {
                waits.add(waited.millis());
                if (waited.ending() == Ending.ANSWERED) {
                    granted(waited.answer());
                }
            });
            work();
        }

        void granted(Reserved reserved) {
            if (reserved instanceof Reserved.Decided(Decision decision) && decision.hold() != null) {
                held.add(decision.hold());
            }
        }

        void ends() {
            if (!held.isEmpty()) {
                var hold = held.remove(random.nextInt(held.size()));
                if (random.nextBoolean()) {
                    var _ = admissions.release(ACME, hold.id());
                } else {
                    limiter.settle(ACME, hold.id(), List.of(), clock.instant());
                }
                work();
            }
        }

        void leaves() {
            if (!waiting.isEmpty()) {
                waiting.get(random.nextInt(waiting.size())).leave();
                work();
            }
        }

        void raises() {
            maximum = random.nextInt(1, 6);
            catalog.declare(declarations(maximum));
            work();
        }

        void pass(Duration time) {
            alarms.pass(time, this::work);
            work();
        }

        void work() {
            for (var job = jobs.poll(); job != null; job = jobs.poll()) {
                job.run();
            }
        }

        long inFlight() {
            var counter = new CounterKey(ACME, PARALLEL, ACME.value(), Window.ENDLESS);
            return limiter.levels(ACME, List.of(counter), clock.instant()).held(0);
        }

        /** As every call asks for one or two at once, nobody waits for long beside room for two. */
        void check() {
            // The largest maximum there ever is; each grant was within the one of its moment.
            assertThat(inFlight()).isLessThanOrEqualTo(5);
            work();
            if (queue.waiting() > 0 && rateIsFree()) {
                assertThat(inFlight()).as("room that nobody takes").isGreaterThan(maximum - 2L);
            }
        }

        /** Whether nobody can be waiting for the limit per minute. */
        boolean rateIsFree() {
            var now = clock.instant();
            return SUBJECTS.stream()
                    .map(name -> new CounterKey(ACME, RATE, name, RATE.window().at(now, WindowCalendar.UTC)))
                    .allMatch(counter -> {
                        var levels = limiter.levels(ACME, List.of(counter), now);
                        return levels.used(0) + levels.held(0) <= 2;
                    });
        }
    }

    @Test
    void limits_hold_and_no_room_is_left_to_nobody() {
        Seeds.forEach(400, random -> new Run(random).go());
    }
}
