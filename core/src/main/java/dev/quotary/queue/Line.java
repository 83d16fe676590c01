package dev.quotary.queue;

import dev.quotary.queue.Attempt.Answered;
import dev.quotary.queue.Attempt.NoRoom;
import dev.quotary.queue.Waited.Ending;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait in one order, and the queues at the resources that they wait for.
 *
 * <p><b>Threads.</b> Everything that happens is posted, and done by one thread at a time ({@link #run}), whichever the executor gives.
 * So attempts may block without holding a lock that an event loop could want, and a limiter may tell of room from within its own locks.
 *
 * <p><b>Queues.</b> A guest is queued at every resource that had no room when it asked last, or where somebody before it is queued.
 * When a resource may have got room, only the first of its queue asks; if that one goes, or goes to wait elsewhere, the next one asks.
 * Hence a release costs as many attempts as calls it lets in, however many wait. And nobody who could go is forgotten: whoever is
 * queued at a resource without being the first of it is behind somebody there, and when a first leaves a queue, the next one asks.
 *
 * <p>The order is total and fixed, so the very first of a line is behind nobody, and no two guests ever wait for each other.
 */
final class Line<L, R> {
    private final WaitingRoom<L, R> room;
    private final Alarms alarms;
    private final Executor executor;

    /** Who was let into the line and has not left it; changed by the room alone, within its map. */
    int guests;

    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final Set<R> freed = ConcurrentHashMap.newKeySet();
    /** Posts that are not done; whoever makes it more than none has {@link #run} called. */
    private final AtomicInteger undone = new AtomicInteger();
    /** The highest priority that waits for a resource, for those who come. */
    private final Map<R, Integer> waitedFor = new ConcurrentHashMap<>();

    private final Map<Integer, Rounds<L, R>> rounds = new HashMap<>();
    private final Map<R, TreeSet<Guest<L, R, ?>>> queues = new HashMap<>();
    private final Set<R> toServe = new LinkedHashSet<>();
    /** Those who have come and have not asked yet. */
    private final TreeSet<Guest<L, R, ?>> newcomers = new TreeSet<>(Guest.ORDER);

    private final Set<Guest<L, R, ?>> inside = new HashSet<>();
    private long arrivals;

    Line(WaitingRoom<L, R> room, Alarms alarms, Executor executor) {
        this.room = room;
        this.alarms = alarms;
        this.executor = executor;
    }

    void enter(Guest<L, R, ?> guest, Duration waitMax) {
        post(() -> arrive(guest, waitMax));
    }

    void leave(Guest<L, R, ?> guest) {
        post(() -> dismiss(guest, Ending.LEFT));
    }

    /** A resource may have got room. Never blocks, whatever locks the caller has. */
    void freed(R resource) {
        if (freed.add(resource)) {
            post();
        }
    }

    /** Anything may have got room. */
    void lookAgain() {
        post(() -> toServe.addAll(queues.keySet()));
    }

    void close() {
        post(() -> Set.copyOf(inside).forEach(guest -> dismiss(guest, Ending.CLOSED)));
    }

    boolean waitedFor(R resource, int priority) {
        var highest = waitedFor.get(resource);
        return highest != null && highest >= priority;
    }

    private void post(Runnable what) {
        posted.add(what);
        post();
    }

    private void post() {
        if (undone.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    private void run() {
        int seen = undone.get();
        do {
            try {
                work();
            } catch (RuntimeException | Error e) {
                breakDown(e);
            }
            seen = undone.addAndGet(-seen);
        } while (seen != 0);
    }

    /**
     * One turn after the other, and before each the news: where asking takes long, as with a store, somebody of a higher priority may have
     * come meanwhile.
     */
    private void work() {
        do {
            for (var next = posted.poll(); next != null; next = posted.poll()) {
                next.run();
            }
            takeFreed();
            var newcomer = newcomers.pollFirst();
            if (newcomer != null) {
                ask(newcomer);
                // Those before it may not have noticed yet that time has made room.
                toServe.addAll(newcomer.queuedAt);
            } else if (!toServe.isEmpty()) {
                serve(toServe.iterator().next());
            }
        } while (!newcomers.isEmpty() || !toServe.isEmpty() || !posted.isEmpty());
    }

    /** A bug of ours: everybody is told and sent away, as time-outs would find the same broken order. Others may come then. */
    private void breakDown(Throwable bug) {
        rounds.clear();
        queues.clear();
        waitedFor.clear();
        toServe.clear();
        newcomers.clear();
        for (var guest : Set.copyOf(inside)) {
            guest.gone = true;
            inside.remove(guest);
            room.left(guest.place);
            guest.fail(bug);
        }
    }

    private void takeFreed() {
        for (var each = freed.iterator(); each.hasNext(); ) {
            var resource = each.next();
            // Taken out before it is looked at, so that room that comes meanwhile is told again.
            each.remove();
            toServe.add(resource);
        }
    }

    private void arrive(Guest<L, R, ?> guest, Duration waitMax) {
        guest.number = arrivals++;
        rounds.computeIfAbsent(guest.place.priority(), _ -> new Rounds<>()).join(guest);
        inside.add(guest);
        if (room.closed()) {
            dismiss(guest, Ending.CLOSED);
            return;
        }
        shorten(guest, waitMax);
        newcomers.add(guest);
    }

    /** Lets the first ask. Whoever leaves the queue puts it down to be served again; if the first stays, so does everybody. */
    private void serve(R resource) {
        toServe.remove(resource);
        var queue = queues.get(resource);
        if (queue != null) {
            ask(queue.first());
        }
    }

    private <A> void ask(Guest<L, R, A> guest) {
        switch (asked(guest)) {
            case null -> {
                // It failed, and is gone.
            }
            case Answered<R, A> answered -> {
                guest.refusal = answered.answer();
                dismiss(guest, Ending.ANSWERED);
            }
            case NoRoom<R, A> none -> {
                guest.refusal = none.refusal();
                queue(guest, none.lacking());
                shorten(guest, none.waitMax());
            }
        }
    }

    private <A> Attempt.@Nullable Asked<R, A> asked(Guest<L, R, A> guest) {
        try {
            return guest.attempt.ask(new Now(guest));
        } catch (RuntimeException | Error e) {
            // The end of one request's job: whoever waits for it is told, everybody else goes on. Errors too: were
            // this thread to die of one, everybody in the line would wait for ever.
            if (takeOut(guest, false)) {
                guest.fail(e);
            }
            return null;
        }
    }

    /** The order as it is while a guest asks. */
    private final class Now implements Turn<R> {
        private final Guest<L, R, ?> guest;

        Now(Guest<L, R, ?> guest) {
            this.guest = guest;
        }

        @Override
        public boolean behind(R resource) {
            var queue = queues.get(resource);
            return queue != null && queue.first().before(guest);
        }

        @Override
        public long waitedMillis() {
            return guest.waitedMillis(alarms.nanos());
        }
    }

    private void queue(Guest<L, R, ?> guest, Set<R> lacking) {
        var before = guest.queuedAt;
        guest.queuedAt = lacking;
        for (var resource : before) {
            if (!lacking.contains(resource)) {
                unqueue(guest, resource);
            }
        }
        for (var resource : lacking) {
            if (!before.contains(resource)) {
                var queue = queues.computeIfAbsent(resource, _ -> new TreeSet<>(Guest.ORDER));
                queue.add(guest);
                waitedFor.put(resource, queue.first().place.priority());
            }
        }
    }

    private void unqueue(Guest<L, R, ?> guest, R resource) {
        var queue = queues.get(resource);
        if (queue == null) {
            throw new IllegalStateException("a guest is not queued where it should be");
        }
        boolean first = queue.first().equals(guest);
        queue.remove(guest);
        if (queue.isEmpty()) {
            queues.remove(resource);
            waitedFor.remove(resource);
        } else if (first) {
            waitedFor.put(resource, queue.first().place.priority());
            toServe.add(resource);
        }
    }

    /** Only a shorter wait than before counts: a limit that allows a second is not waited for longer because another allows ten. */
    private void shorten(Guest<L, R, ?> guest, Duration waitMax) {
        if (guest.gone || waitMax.toNanos() >= guest.waitNanosMax) {
            return;
        }
        guest.waitNanosMax = waitMax.toNanos();
        if (guest.alarm != null) {
            guest.alarm.cancel();
        }
        long left = Math.max(0, guest.waitNanosMax - (alarms.nanos() - guest.sinceNanos));
        guest.alarm = alarms.set(Duration.ofNanos(left), () -> post(() -> timeOut(guest)));
    }

    /** Asks once more, for the answer to say how things stand now. */
    private void timeOut(Guest<L, R, ?> guest) {
        boolean overdue = alarms.nanos() - guest.sinceNanos >= guest.waitNanosMax;
        if (guest.gone || !overdue) {
            return; // An alarm that was cancelled too late; another one is set.
        }
        ask(guest);
        dismiss(guest, Ending.TIMED_OUT);
    }

    private <A> void dismiss(Guest<L, R, A> guest, Ending ending) {
        if (takeOut(guest, ending == Ending.ANSWERED)) {
            guest.end(guest.refusal, alarms.nanos(), ending);
        }
    }

    /** False if it was out already. */
    private boolean takeOut(Guest<L, R, ?> guest, boolean served) {
        if (guest.gone) {
            return false;
        }
        guest.gone = true;
        inside.remove(guest);
        newcomers.remove(guest);
        queue(guest, Set.of());
        int priority = guest.place.priority();
        var round = rounds.get(priority);
        if (round == null) {
            throw new IllegalStateException("a guest of priority " + priority + ", which nobody has");
        }
        round.leave(guest, served);
        if (round.empty()) {
            rounds.remove(priority);
        }
        if (guest.alarm != null) {
            guest.alarm.cancel();
        }
        room.left(guest.place);
        return true;
    }
}
