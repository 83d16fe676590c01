package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.Call;
import dev.quotary.call.ReservationId;
import dev.quotary.ledger.Difference;
import dev.quotary.limit.Charge;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What must be so: every question is answered by going through all reservations and all events.
 *
 * <p>It knows what callers sent and what the ledger, the journal and the declarations hold on their storage, and nothing of what the
 * process makes of it.
 */
final class Truth {
    private final Books books;
    private final Map<ReservationId, Holding> holdings = new LinkedHashMap<>();
    /** What a change has begun to count and not finished counting anew: answers about it may lag behind. */
    private final Set<Counted> unsettled = new HashSet<>();

    private final Map<Counted, Gained> gained = new HashMap<>();

    /**
     * When something began to be counted: all events of that window were counted anew, and all of windows that nobody had seen are. Not
     * those of the windows between, which a clock that was set back at a restart opens again.
     */
    private record Gained(Set<Instant> windowStarts, Instant latest) {
        boolean knows(Instant start) {
            return start.isAfter(latest) || windowStarts.contains(start);
        }
    }

    private final TrueGraces graces;
    private Rules rules;

    Truth(Books books, TrueGraces graces, Rules rules) {
        this.books = books;
        this.graces = graces;
        this.rules = rules;
    }

    /** What a limit allows and what is taken of it, as an answer must show it. */
    record Standing(Rule rule, CounterKey counter, long used, long held, long allowed, long most) {
        boolean fits(long amount) {
            return new Charge(counter, amount, most).fits(used, held);
        }

        /** As it stands without a part of what is held. */
        Standing without(long amount) {
            return new Standing(rule, counter, used, held - amount, allowed, most);
        }
    }

    Rules rules() {
        return rules;
    }

    void rules(Rules inForce) {
        rules = inForce;
    }

    Holding holding(ReservationId id) {
        return holdings.computeIfAbsent(id, _ -> new Holding());
    }

    Map<ReservationId, Holding> holdings() {
        return holdings;
    }

    TrueGraces graces() {
        return graces;
    }

    /** A call with these standings was granted: it may have begun the grace of some counters. */
    void begunGraces(List<Standing> standings, Amounts amounts, Instant now) {
        for (var standing : standings) {
            long amount = amounts.of(standing.rule().counted().meter());
            boolean open = standing.counter().window().end().isAfter(now);
            if (standing.rule().graced() && amount > 0 && open) {
                boolean beyond = !new Charge(standing.counter(), amount, standing.allowed())
                        .fits(standing.used(), standing.held());
                boolean sure = settled(standing.counter())
                        && (standing.rule().burst() == 0
                                || settled(standing.counter().in(previous(standing.counter()))));
                graces.granted(standing.counter(), beyond, sure, now);
            }
        }
    }

    /** Takes in what the ledger has made durable: it ends the holds of those events. */
    void read() {
        graces.read();
        for (var event : books.read()) {
            var holding = holdings.get(event.id().reservation());
            if (holding != null) {
                holding.closed(true);
            }
        }
    }

    long used(CounterKey counter, Instant now) {
        return counter.counted().window() instanceof WindowSpec.Sliding sliding
                ? books.slices(counter).stream()
                        .filter(slice -> counts(slice, sliding, now))
                        .mapToLong(books::used)
                        .sum()
                : books.used(counter);
    }

    long held(CounterKey counter, Instant now) {
        return holdings.values().stream()
                .mapToLong(holding -> held(holding, counter, now))
                .reduce(0, Math::addExact);
    }

    private static long held(Holding holding, CounterKey counter, Instant now) {
        if (!(counter.counted().window() instanceof WindowSpec.Sliding sliding)) {
            return holding.on(counter, now);
        }
        return !holding.live(now)
                ? 0
                : holding.charges.stream()
                        .filter(charge -> charge.counter().whole().equals(counter.whole())
                                && counts(charge.counter(), sliding, now))
                        .mapToLong(Charge::amount)
                        .sum();
    }

    /** Whether some instant of a slice is no longer ago than the window is long. */
    private static boolean counts(CounterKey slice, WindowSpec.Sliding sliding, Instant now) {
        var second = now.truncatedTo(ChronoUnit.SECONDS);
        return !slice.window().start().isAfter(second)
                && slice.window().end().plus(sliding.length()).isAfter(second);
    }

    /** Every limit that applies to a call. */
    List<Standing> standings(Call call, Instant admittedAt, Instant now) {
        return rules.limits(call.subject(), now).stream()
                .flatMap(rule -> rule.counter(call, admittedAt).stream().map(counter -> standing(rule, counter, now)))
                .toList();
    }

    Standing standing(Rule rule, CounterKey counter, Instant now) {
        long before = before(rule, counter, now);
        boolean graceOver = rule.graced()
                && graces.since(counter)
                        .filter(since -> !now.isBefore(since.plus(rule.grace())))
                        .isPresent();
        return new Standing(
                rule,
                counter,
                used(counter, now),
                held(counter, now),
                rule.allowed(before),
                rule.enforced(before, graceOver));
    }

    /** What was taken of the window before; of interest to a burst only. */
    private long before(Rule rule, CounterKey counter, Instant now) {
        if (rule.burst() == 0) {
            return 0;
        }
        var previous = counter.in(previous(counter));
        return Math.addExact(books.used(previous), held(previous, now));
    }

    private static Window previous(CounterKey counter) {
        return counter.counted().window().at(counter.window().start().minusNanos(1), Rule.CALENDAR);
    }

    /** What a call takes of which counter: limits that count the same share one. */
    List<Charge> charges(Call call, Amounts amounts, Instant admittedAt, Instant now) {
        var charges = new LinkedHashMap<CounterKey, Charge>();
        for (var rule : rules.limits(call.subject(), now)) {
            rule.counter(call, admittedAt)
                    .ifPresent(counter -> charges.put(
                            counter,
                            new Charge(counter, amounts.of(rule.counted().meter()), Long.MAX_VALUE)));
        }
        return List.copyOf(charges.values());
    }

    /**
     * A change begins to count these; until it is done, answers about them may lag behind.
     *
     * @param latest that any process may have seen
     */
    void begin(Set<Counted> gains, Instant latest) {
        unsettled.addAll(gains);
        gains.forEach(counted -> gained.put(counted, new Gained(Set.of(), after(latest, counted))));
    }

    /** No change is being made any more, and these were counted in their windows of an instant. */
    void counted(Set<Counted> gains, Instant at, Instant latest) {
        unsettled.clear();
        for (var counted : gains) {
            var starts = counted.counting(at, Rule.CALENDAR).stream()
                    .map(Window::start)
                    .collect(Collectors.toSet());
            gained.put(counted, new Gained(starts, latest.isAfter(at) ? after(latest, counted) : latest));
        }
    }

    /** When a window begins that no earlier one is part of. */
    private static Instant after(Instant latest, Counted counted) {
        return counted.window() instanceof WindowSpec.Sliding sliding ? latest.plus(sliding.length()) : latest;
    }

    /** Whether nothing that applies to a call is being counted anew just now. */
    boolean settled(List<Standing> standings) {
        return standings.stream()
                .allMatch(standing -> settled(standing.counter())
                        && (!standing.rule().graced() || graces.known(standing.counter()))
                        && (standing.rule().burst() == 0
                                || settled(standing.counter().in(previous(standing.counter())))));
    }

    /** Whether a stored sum is to be that of its events. */
    boolean known(Difference difference) {
        return !(difference instanceof Difference.OfSum sum)
                || gained.entrySet().stream()
                        .filter(entry -> entry.getKey().text().equals(sum.counted()))
                        .allMatch(entry -> entry.getValue().knows(sum.whose().windowStart()));
    }

    /** Whether all events of a counter's window are known to be in it. */
    boolean settled(CounterKey counter) {
        var since = gained.get(counter.counted());
        return !unsettled.contains(counter.counted())
                && (since == null || since.knows(counter.window().start()));
    }

    /** The process died: what the next one may find under each id. */
    Map<ReservationId, List<Optional<Hold>>> possible(boolean powerLost, Instant now) {
        var possible = new LinkedHashMap<ReservationId, List<Optional<Hold>>>();
        holdings.forEach((id, holding) -> possible.put(id, holding.possible(powerLost, now)));
        return possible;
    }

    /** Ids that calls of anybody under these rules have counters for. */
    Set<CounterKey> counters(List<Call> calls, Instant now) {
        var counters = new LinkedHashSet<CounterKey>();
        for (var call : calls) {
            for (var rule : rules.limits(call.subject(), now)) {
                rule.counter(call, now).ifPresent(counters::add);
            }
        }
        return counters;
    }

    /** Compares what the process says of counters. */
    void check(ServerProcess process, List<Call> calls) {
        var now = process.now();
        var counters = new ArrayList<>(counters(calls, now));
        if (counters.isEmpty()) {
            return;
        }
        var levels = process.limiter().levels(counters.getFirst().organization(), counters, now);
        for (int i = 0; i < counters.size(); i++) {
            var counter = counters.get(i);
            if (settled(counter)) {
                assertThat(levels.used(i))
                        .as("INV-7: %s equals the sum of its events", counter)
                        .isEqualTo(used(counter, now));
            }
            assertThat(levels.held(i))
                    .as("INV-3: %s holds what live reservations hold", counter)
                    .isEqualTo(held(counter, now));
        }
    }
}
