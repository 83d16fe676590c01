package dev.quotary.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.queue.Attempt.Answered;
import dev.quotary.queue.Attempt.Asked;
import dev.quotary.queue.Attempt.NoRoom;
import dev.quotary.queue.Waited.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads come, take, give back, leave and run out of time at once, over a store that grants under a lock of its own and tells of
 * room from within it, as the limiter does. Nobody looks again by himself, so a call that is forgotten once never ends.
 */
@Timeout(120)
class WaitingRoomRaceTest {
    private static final int THREADS = 4;
    private static final int CALLS = 600;
    private static final int RUNS = 6;
    private static final String LINE = "acme";
    private static final List<String> RESOURCES = List.of("a", "b");
    private static final int UNITS = 3;
    private static final int GIVING_SPINS = 300;
    private static final int PATIENCE_SECONDS = 20;
    private static final Duration LONG = Duration.ofMinutes(10);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    /** What went wrong, seen from within threads that nobody could hear throw. */
    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();

    private final class Store {
        final WaitingRoom<String, String> room = new WaitingRoom<>(
                new Bounds(CALLS * THREADS, CALLS * THREADS, 0),
                Alarms.of(scheduler, System::nanoTime),
                job -> Thread.ofVirtual().start(job),
                () -> LONG);
        final AtomicBoolean asking = new AtomicBoolean();
        private final ConcurrentLinkedQueue<Caller> held = new ConcurrentLinkedQueue<>();
        private final Map<String, Integer> free = new HashMap<>();
        /** Who was told in its line that it lacks something, and has not ended; in the order of their first asking. */
        private final Set<Caller> standing = new LinkedHashSet<>();

        Store() {
            RESOURCES.forEach(resource -> free.put(resource, UNITS));
        }

        synchronized Set<String> take(Caller caller, Turn<String> turn, boolean inLine) {
            var lacking = new HashSet<String>();
            for (var resource : caller.needs) {
                if (turn.behind(resource) || free.getOrDefault(resource, 0) == 0) {
                    lacking.add(resource);
                }
            }
            if (!lacking.isEmpty()) {
                if (inLine) {
                    caller.lacking = lacking;
                    standing.add(caller);
                }
                return lacking;
            }
            if (inLine) {
                checkNobodyWasOvertaken(caller);
                standing.remove(caller);
            }
            caller.needs.forEach(resource -> free.merge(resource, -1, Integer::sum));
            if (caller.served.incrementAndGet() != 1) {
                broken.add("served twice: " + caller);
            }
            return Set.of();
        }

        /** Whoever stands before it, by priority or as an earlier call of the same party, may not lack what it takes. */
        private void checkNobodyWasOvertaken(Caller caller) {
            boolean stood = standing.contains(caller);
            boolean earlier = true;
            for (var other : standing) {
                if (other.equals(caller)) {
                    earlier = false;
                    continue;
                }
                boolean earlierOfItsParty =
                        other.priority == caller.priority && other.party.equals(caller.party) && (!stood || earlier);
                boolean before = other.priority > caller.priority || earlierOfItsParty;
                if (before && other.lacking.stream().anyMatch(caller.needs::contains)) {
                    broken.add(caller + " overtook " + other);
                }
            }
        }

        synchronized void gone(Caller caller) {
            standing.remove(caller);
        }

        /** Given back later, by {@link #giveBackSome}: so that there are always some who wait. */
        void holds(Caller caller) {
            held.add(caller);
        }

        /** Returns whether there was anything to give back. */
        boolean giveBackSome() {
            var caller = held.poll();
            if (caller != null) {
                giveBack(caller.needs);
            }
            return caller != null;
        }

        private synchronized void giveBack(Set<String> resources) {
            for (var resource : resources) {
                free.merge(resource, 1, Integer::sum);
                room.freed(LINE, resource);
            }
        }

        synchronized int free(String resource) {
            return free.getOrDefault(resource, 0);
        }
    }

    private final class Caller implements Attempt<String, String> {
        private final Store store;
        private final String party;
        private final int priority;
        private final Set<String> needs;
        private final Duration patience;
        private final AtomicInteger served = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private volatile Set<String> lacking = Set.of();

        Caller(Store store, RandomGenerator random, Duration patience) {
            this.store = store;
            this.party = "p" + random.nextInt(5);
            this.priority = random.nextInt(3);
            this.needs = switch (random.nextInt(4)) {
                case 0 -> Set.copyOf(RESOURCES);
                case 1 -> Set.of("b");
                default -> Set.of("a");
            };
            this.patience = patience;
        }

        /** The answer to a first asking; null if it has to wait. */
        Asked<String, String> first() {
            return answer(store.take(
                    this,
                    new Turn<>() {
                        @Override
                        public boolean behind(String resource) {
                            return store.room.waitedFor(LINE, resource, priority);
                        }

                        @Override
                        public long waitedMillis() {
                            return 0;
                        }
                    },
                    false));
        }

        @Override
        public Asked<String, String> ask(Turn<String> turn) {
            if (!store.asking.compareAndSet(false, true)) {
                broken.add("two ask at once");
            }
            if (ended.get() != 0) {
                broken.add("asked after its end: " + this);
            }
            try {
                return answer(store.take(this, turn, true));
            } finally {
                store.asking.set(false);
            }
        }

        private Asked<String, String> answer(Set<String> without) {
            return without.isEmpty() ? new Answered<>("admitted") : new NoRoom<>("refused", without, patience);
        }

        void ends(Waited<String> waited) {
            store.gone(this);
            if (ended.incrementAndGet() != 1) {
                broken.add("ended twice: " + this);
            }
            boolean admitted = waited.answer().equals("admitted");
            if (admitted != (served.get() == 1)) {
                broken.add("told " + waited + " but served " + served + " times: " + this);
            }
            if (admitted) {
                store.holds(this);
            }
        }

        @Override
        public String toString() {
            return party + " of priority " + priority + " for " + needs;
        }
    }

    private record Load(Duration patience, int leavesOneIn) {}

    private void run(long seed, Load load) throws InterruptedException {
        var store = new Store();
        var over = new CountDownLatch(THREADS * CALLS);
        var admitted = new AtomicInteger();
        var others = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < THREADS; i++) {
            long own = seed * THREADS + i;
            threads.add(Thread.ofPlatform().start(() -> {
                var random = RandomGeneratorFactory.of("L64X128MixRandom").create(own);
                for (int call = 0; call < CALLS; call++) {
                    var caller = new Caller(store, random, load.patience());
                    if (!(caller.first() instanceof NoRoom<String, String> none)) {
                        admitted.incrementAndGet();
                        store.holds(caller);
                        over.countDown();
                        continue;
                    }
                    var place = new Place<>(LINE, caller.party, caller.priority, 0);
                    var waiting = store.room.enter(place, none, caller);
                    var _ = waiting.ended().thenAccept(waited -> {
                        (waited.ending() == Ending.ANSWERED ? admitted : others).incrementAndGet();
                        caller.ends(waited);
                        over.countDown();
                    });
                    if (load.leavesOneIn() > 0 && random.nextInt(load.leavesOneIn()) == 0) {
                        spin(random.nextInt(2_000));
                        waiting.leave();
                    }
                }
            }));
        }
        var giving = new AtomicBoolean(true);
        var giver = Thread.ofPlatform().start(() -> {
            while (giving.get() || store.giveBackSome()) {
                store.giveBackSome();
                spin(GIVING_SPINS);
            }
        });
        for (var thread : threads) {
            thread.join();
        }
        boolean ended = over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        giving.set(false);
        giver.join();
        assertThat(broken).isEmpty();
        assertThat(ended).as("%s calls never ended", over.getCount()).isTrue();
        assertThat(admitted.get() + others.get()).isEqualTo(THREADS * CALLS);
        assertThat(admitted.get()).isPositive();
        assertThat(load.leavesOneIn() > 0 || others.get() == 0).isTrue();
        assertThat(store.room.waiting()).isZero();
        for (var resource : RESOURCES) {
            assertThat(store.free(resource)).isEqualTo(UNITS);
            assertThat(store.room.waitedFor(LINE, resource, 0)).isFalse();
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    @Test
    void everybody_who_waits_for_what_is_given_back_is_served_once_and_in_order() throws Exception {
        for (long seed = 1; seed <= RUNS; seed++) {
            run(seed, new Load(LONG, 0));
        }
    }

    @Test
    void those_who_leave_or_run_out_of_time_take_nothing_with_them() throws Exception {
        for (long seed = 1; seed <= RUNS; seed++) {
            run(100 + seed, new Load(Duration.ofNanos(2_000_000 * seed), 3));
        }
    }
}
