package dev.quotary.simulation;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.Reset;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.StoreUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A ledger as one process meets it: requests are on their way, wait, are committed in groups, are answered; and all of that may fail.
 *
 * <p>What is to be written waits in one queue, in the order in which it was asked; what is to be read is under way for as long as it
 * takes, and overtakes or is overtaken. While {@link #atOnce} is set, which is while the process starts, everything is done before it is
 * answered, as the callers then wait.
 */
final class SimulatedLedger implements Ledger {
    private final Fate fate;
    private final Outage outage;
    private final GroupLedger ledger;
    private final Gate gate;
    /** What others do while a caller blocks. */
    private final Runnable meanwhile;

    private final List<Request<?>> underWay = new ArrayList<>();
    private final List<Request<?>> waiting = new ArrayList<>();
    private boolean atOnce = true;

    /** The state of the store behind it, which outlives the process. */
    static final class Outage {
        boolean down;
        boolean full;
        /** No transaction fails any more. */
        boolean over;
    }

    /** Keeps the follower of a dead process from moving, though the ledger goes on to tell it. */
    private static final class Gate implements Follower {
        private final Fate fate;
        private final Follower follower;
        private volatile boolean dead;

        Gate(Fate fate, Follower follower) {
            this.fate = fate;
            this.follower = follower;
        }

        @Override
        public void recorded(Entry entry) {
            dead = dead || fate.strikes("the follower is to be told of a durable event");
            if (!dead) {
                follower.recorded(entry);
            }
        }

        @Override
        public void recounted(CounterKey counter, long used) {
            if (!dead) {
                follower.recounted(counter, used);
            }
        }

        @Override
        public void exceeded(CounterKey counter, @Nullable Instant at) {
            if (!dead) {
                follower.exceeded(counter, at);
            }
        }
    }

    private record Request<T>(String name, Supplier<CompletionStage<T>> start, CompletableFuture<T> answer) {}

    SimulatedLedger(Fate fate, Outage outage, GroupLedger.Storage storage, Parts parts) {
        this.fate = fate;
        this.outage = outage;
        this.gate = new Gate(fate, parts.follower());
        this.ledger = storage.open(gate);
        this.meanwhile = parts.meanwhile();
    }

    /** Whom the ledger tells, and what others do while a caller waits for it. */
    record Parts(Follower follower, Runnable meanwhile) {}

    /** From now on requests take their time. */
    void started() {
        atOnce = false;
    }

    boolean idle() {
        return underWay.isEmpty() && waiting.isEmpty();
    }

    @Override
    public CompletionStage<List<Appended>> append(List<Entry> entries) {
        return ask("append", () -> ledger.append(entries), false);
    }

    @Override
    public CompletionStage<Optional<UsageEvent>> find(OrganizationKey organization, EventId id) {
        return ask("find", () -> ledger.find(organization, id), true);
    }

    @Override
    public CompletionStage<Long> sum(CounterKey counter) {
        return ask("sum", () -> ledger.sum(counter), true);
    }

    @Override
    public CompletionStage<List<Reset>> reset(List<CounterKey> counters, Instant at, String by) {
        return ask("reset", () -> ledger.reset(counters, at, by), false);
    }

    @Override
    public CompletionStage<List<Reset>> resets(OrganizationKey organization, String scopeValue) {
        return ask("resets", () -> ledger.resets(organization, scopeValue), true);
    }

    @Override
    public CompletionStage<Void> exceeded(CounterKey counter, Instant at) {
        return ask("exceeded", () -> ledger.exceeded(counter, at), false);
    }

    /** Its caller blocks, and others go on. What waits in the queue is committed before it. */
    @Override
    public CompletionStage<Void> recount(List<Recount> counters) {
        meanwhile.run();
        var request = new Request<Void>("recount", () -> ledger.recount(counters), new CompletableFuture<>());
        enter(request);
        commit(waiting.size(), anyFault());
        return request.answer;
    }

    @Override
    public void openSums(Instant now, Consumer<CounterSum> each) {
        if (outage.down) {
            throw new StoreUnavailableException("open the sums", null);
        }
        ledger.openSums(now, each);
    }

    private <T> CompletionStage<T> ask(String name, Supplier<CompletionStage<T>> start, boolean reads) {
        var request = new Request<>(name, start, new CompletableFuture<T>());
        if (atOnce) {
            enter(request);
            commit(waiting.size(), Fault.NONE);
        } else if (reads && fate.oneIn(3)) {
            underWay.add(request);
        } else {
            enter(request);
        }
        return request.answer;
    }

    private void enter(Request<?> request) {
        if (outage.full) {
            request.answer.completeExceptionally(new StoreUnavailableException("too much is waiting", null));
        } else {
            waiting.add(request);
        }
    }

    /** A read comes to its turn. */
    void arrive() {
        if (!underWay.isEmpty()) {
            enter(underWay.remove(fate.below(underWay.size())));
        }
    }

    /** What may go wrong with one transaction. */
    enum Fault {
        NONE,
        /** Nothing is written. */
        FAILS,
        /** Everything is written and told, and nobody gets an answer. */
        ANSWER_LOST
    }

    private Fault anyFault() {
        if (outage.over) {
            return Fault.NONE;
        }
        return switch (fate.below(12)) {
            case 0 -> Fault.FAILS;
            case 1 -> Fault.ANSWER_LOST;
            default -> Fault.NONE;
        };
    }

    /** One transaction of some that wait. */
    void commitSome() {
        if (!waiting.isEmpty()) {
            commit(1 + fate.below(waiting.size()), anyFault());
        }
    }

    private void commit(int count, Fault fault) {
        var group = List.copyOf(waiting.subList(0, count));
        waiting.subList(0, count).clear();
        if (group.isEmpty()) {
            return;
        }
        if (outage.down || fault == Fault.FAILS) {
            fate.say("  ledger fails " + names(group));
            group.forEach(request -> request.answer.completeExceptionally(new StoreUnavailableException("down", null)));
            return;
        }
        fate.effect("the ledger is to commit " + names(group));
        var finishes = group.stream().map(request -> start(request, fault)).toList();
        ledger.flush();
        if (gate.dead) {
            throw new Crash("between commit and follower");
        }
        fate.say("  ledger commits " + names(group) + (fault == Fault.NONE ? "" : ", " + fault));
        for (var finish : finishes) {
            fate.effect("the ledger is to answer");
            finish.run();
        }
    }

    private static List<String> names(List<Request<?>> group) {
        return group.stream().map(request -> request.name).toList();
    }

    /** Hands a request to the ledger; what is returned brings the answer back. */
    private static <T> Runnable start(Request<T> request, Fault fault) {
        var done = request.start.get();
        return () -> {
            if (fault == Fault.ANSWER_LOST) {
                request.answer.completeExceptionally(new StoreUnavailableException("the answer is lost", null));
                return;
            }
            var _ = done.whenComplete((value, failure) -> {
                if (failure == null) {
                    request.answer.complete(value);
                } else {
                    request.answer.completeExceptionally(failure);
                }
            });
        };
    }

    /** Finishes everything, as an orderly stop does. */
    @Override
    public void close() {
        while (!idle()) {
            arrive();
            commit(waiting.size(), Fault.NONE);
        }
        ledger.close();
    }

    /** The process is dead: the ledger is to forget it. */
    void abandon() {
        gate.dead = true;
        ledger.close();
    }
}
