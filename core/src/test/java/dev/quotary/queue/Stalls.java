package dev.quotary.queue;

import dev.quotary.queue.Attempt.Answered;
import dev.quotary.queue.Attempt.Asked;
import dev.quotary.queue.Attempt.NoRoom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Resources with so much room each, one line of those who want some of it, and the order in which they got it. For one thread. */
final class Stalls {
    static final String LINE = "acme";
    static final Duration WAIT = Duration.ofSeconds(5);
    static final Duration LOOK = Duration.ofSeconds(1);

    final HandAlarms alarms = new HandAlarms();
    final Deque<Runnable> jobs = new ArrayDeque<>();
    final WaitingRoom<String, String> waitingRoom;
    final List<String> admitted = new ArrayList<>();
    Consumer<Caller> admitting = _ -> {};
    private final Map<String, Integer> room = new HashMap<>();

    /** Somebody who wants room in some resources, one unit where no number is given. */
    final class Caller implements Attempt<String, String> {
        final String name;
        final Map<String, Integer> needs = new HashMap<>();
        String party;
        int priority;
        Duration wait = WAIT;
        /** What it was told last that it lacks. */
        Set<String> lacking = Set.of();

        long waitedMillis;
        int asked;

        @Nullable Waiting<String> waiting;

        Caller(String name) {
            this.name = name;
            this.party = name;
        }

        Caller of(String itsParty) {
            party = itsParty;
            return this;
        }

        Caller priority(int itsPriority) {
            priority = itsPriority;
            return this;
        }

        Caller needs(String resource, int units) {
            needs.put(resource, units);
            return this;
        }

        Caller patience(Duration longest) {
            wait = longest;
            return this;
        }

        @Override
        public Asked<String, String> ask(Turn<String> turn) {
            asked++;
            var without = new HashSet<String>();
            needs.forEach((resource, units) -> {
                if (turn.behind(resource) || room(resource) < units) {
                    without.add(resource);
                }
            });
            if (!without.isEmpty()) {
                lacking = Set.copyOf(without);
                return new NoRoom<>("refused", without, wait);
            }
            needs.forEach((resource, units) -> room.merge(resource, -units, Integer::sum));
            admitted.add(name);
            admitting.accept(this);
            waitedMillis = turn.waitedMillis();
            return new Answered<>("admitted");
        }

        /** Asks by itself, and waits if it has to. */
        Caller come() {
            var first = ask(new Turn<>() {
                @Override
                public boolean behind(String resource) {
                    return waitingRoom.waitedFor(LINE, resource, priority);
                }

                @Override
                public long waitedMillis() {
                    return 0;
                }
            });
            if (first instanceof NoRoom<String, String> none) {
                waiting = waitingRoom.enter(new Place<>(LINE, party, priority, 0), none, this);
                work();
            }
            return this;
        }

        void leave() {
            if (waiting != null) {
                waiting.leave();
                work();
            }
        }

        /** How it ended; null if it still waits, or never did. */
        @Nullable Waited<String> ended() {
            return waiting == null
                    ? null
                    : waiting.ended().toCompletableFuture().getNow(null);
        }
    }

    Stalls(Bounds bounds) {
        waitingRoom = new WaitingRoom<>(bounds, alarms, jobs::add, () -> LOOK);
    }

    Stalls() {
        this(Bounds.DEFAULT);
    }

    Caller caller(String name) {
        return new Caller(name);
    }

    int room(String resource) {
        return room.getOrDefault(resource, 0);
    }

    /** Makes room without telling. */
    void grow(String resource, int units) {
        room.merge(resource, units, Integer::sum);
    }

    /** Makes room and tells of it. */
    void free(String resource, int units) {
        grow(resource, units);
        waitingRoom.freed(LINE, resource);
        work();
    }

    void pass(Duration time) {
        alarms.pass(time, this::work);
    }

    void work() {
        for (var job = jobs.poll(); job != null; job = jobs.poll()) {
            job.run();
        }
    }
}
