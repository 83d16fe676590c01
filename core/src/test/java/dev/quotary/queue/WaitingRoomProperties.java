package dev.quotary.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.queue.Stalls.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/**
 * Callers of random priorities, parties and needs come, leave and run out of time, while room comes and goes. The order is computed
 * again here, from what is said of it and not from how it is kept.
 */
class WaitingRoomProperties {
    private static final int LINE_MAX = 12;
    private static final int SEEDS = 1_500;
    private static final List<String> RESOURCES = List.of("a", "b", "c");
    private static final List<String> PARTIES = List.of("ada", "bob", "cid", "dan");

    /** A caller that waits, and its place in the order as it should be. */
    private record Standing(Caller caller, long round, int number, long since) {
        static final Comparator<Standing> ORDER = Comparator.<Standing>comparingInt(
                        standing -> -standing.caller().priority)
                .thenComparingLong(Standing::round)
                .thenComparingInt(Standing::number);

        boolean before(Standing other) {
            return ORDER.compare(this, other) < 0;
        }
    }

    private record Party(int priority, String name) {}

    private static final class Run {
        final Stalls stalls = new Stalls(new Bounds(LINE_MAX, LINE_MAX, 0));
        final RandomGenerator random;
        final List<Standing> waiting = new ArrayList<>();
        final List<Caller> all = new ArrayList<>();
        final Map<Party, Long> lastRound = new HashMap<>();
        final Map<String, Integer> taken = new HashMap<>();
        final Map<String, Integer> given = new HashMap<>();
        /** Those who are gone, in their order: it decides whose turn is given back. */
        final List<Caller> endings = new ArrayList<>();

        Run(RandomGenerator random) {
            this.random = random;
            stalls.admitting = this::goes;
        }

        void go() {
            for (int step = 0; step < 120; step++) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3, 4 -> comes();
                    case 5 -> leaves();
                    case 6, 7, 8 -> frees();
                    default -> timePasses();
                }
                settle();
                check();
            }
            stalls.pass(Duration.ofSeconds(60));
            settle();
            assertThat(waiting).isEmpty();
            assertThat(stalls.waitingRoom.waiting()).isZero();
            assertThat(stalls.alarms.pending()).isZero();
            for (var caller : all) {
                assertThat(caller.waiting == null || caller.ended() != null).isTrue();
            }
        }

        void comes() {
            var caller = stalls.caller("c" + all.size())
                    .of(PARTIES.get(random.nextInt(PARTIES.size())))
                    .priority(random.nextInt(3))
                    .patience(Duration.ofMillis(random.nextInt(1, 4_000)));
            for (var resource : RESOURCES) {
                if (random.nextInt(RESOURCES.size()) == 0) {
                    caller.needs(resource, random.nextInt(1, 4));
                }
            }
            if (caller.needs.isEmpty()) {
                caller.needs("a", 1);
            }
            all.add(caller);
            if (mayGo(caller, standing -> standing.caller().priority >= caller.priority)) {
                caller.come();
                assertThat(caller.waiting).as("goes at once").isNull();
            } else if (waiting.size() == LINE_MAX) {
                caller.come();
                assertThat(Objects.requireNonNull(caller.ended()).ending()).isEqualTo(Waited.Ending.FULL);
            } else {
                var standing = standing(caller);
                // One of a party that has had fewer turns may be before others that came earlier.
                boolean itsTurn = mayGo(caller, other -> other.before(standing));
                waiting.add(standing);
                caller.come();
                var waits = Objects.requireNonNull(caller.waiting).ended();
                assertThat(waits.toCompletableFuture().isDone()).isEqualTo(itsTurn);
                waits.thenRun(() -> endings.add(caller));
            }
        }

        /** Whether there is room, and none of the others waits for any of it. */
        boolean mayGo(Caller caller, Predicate<Standing> others) {
            return caller.needs.entrySet().stream()
                    .allMatch(need -> stalls.room(need.getKey()) >= need.getValue()
                            && waiting.stream()
                                    .filter(others)
                                    .noneMatch(other -> other.caller().lacking.contains(need.getKey())));
        }

        Standing standing(Caller caller) {
            var party = new Party(caller.priority, caller.party);
            long serving = waiting.stream()
                    .filter(other -> other.caller().priority == caller.priority)
                    .mapToLong(Standing::round)
                    .min()
                    .orElse(0);
            long round = Math.max(serving, lastRound.getOrDefault(party, -1L) + 1);
            lastRound.put(party, round);
            return new Standing(caller, round, all.size(), stalls.alarms.nanos());
        }

        void leaves() {
            if (!waiting.isEmpty()) {
                waiting.get(random.nextInt(waiting.size())).caller().leave();
            }
        }

        void frees() {
            var resource = RESOURCES.get(random.nextInt(RESOURCES.size()));
            int units = random.nextInt(1, 4);
            given.merge(resource, units, Integer::sum);
            stalls.free(resource, units);
        }

        void timePasses() {
            stalls.pass(Duration.ofMillis(random.nextInt(900)));
        }

        /** Nobody who is before it may lack what it takes. */
        void goes(Caller caller) {
            caller.needs.forEach((resource, units) -> taken.merge(resource, units, Integer::sum));
            waiting.stream()
                    .filter(standing -> standing.caller().equals(caller))
                    .forEach(standing -> assertThat(waiting)
                            .filteredOn(other -> other.before(standing)
                                    && other.caller().ended() == null
                                    && other.caller().lacking.stream().anyMatch(caller.needs::containsKey))
                            .as("overtaken by %s", caller.name)
                            .isEmpty());
        }

        /** Takes those who are gone out of the model. */
        void settle() {
            for (var caller : endings) {
                var standing = waiting.stream()
                        .filter(each -> each.caller().equals(caller))
                        .findFirst()
                        .orElseThrow();
                waiting.remove(standing);
                if (!Objects.requireNonNull(caller.ended()).answer().equals("admitted")) {
                    lastRound.replace(new Party(caller.priority, caller.party), standing.round(), standing.round() - 1);
                }
                if (waiting.stream().noneMatch(other -> other.caller().priority == caller.priority)) {
                    lastRound.keySet().removeIf(party -> party.priority() == caller.priority);
                }
            }
            endings.clear();
        }

        void check() {
            assertThat(stalls.waitingRoom.waiting()).isEqualTo(waiting.size());
            for (var resource : RESOURCES) {
                int left = given.getOrDefault(resource, 0) - taken.getOrDefault(resource, 0);
                assertThat(stalls.room(resource)).isEqualTo(left).isNotNegative();
            }
            for (var standing : waiting) {
                var caller = standing.caller();
                assertThat(stalls.alarms.nanos() - standing.since())
                        .as("nobody waits too long")
                        .isLessThan(caller.wait.toNanos());
                assertThat(caller.needs.entrySet().stream()
                                .anyMatch(need -> stalls.room(need.getKey()) < need.getValue()
                                        || waiting.stream()
                                                .anyMatch(other -> other.before(standing)
                                                        && other.caller()
                                                                .lacking
                                                                .contains(need.getKey()))))
                        .as("whoever could go has gone: %s", caller.name)
                        .isTrue();
            }
        }
    }

    @Test
    void nobody_overtakes_is_forgotten_or_waits_too_long() {
        Long only = Long.getLong("quotary.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? SEEDS : only;
        for (long seed = first; seed <= last; seed++) {
            var run = new Run(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
            try {
                run.go();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -Dquotary.seed=" + seed, e);
            }
        }
    }
}
