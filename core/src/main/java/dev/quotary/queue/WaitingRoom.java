package dev.quotary.queue;

import dev.quotary.queue.Waited.Ending;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where those wait for whom there is no room just now.
 *
 * <p>Order, within a line: higher priority first; then parties in turn; then who came first. It is an order per resource: nobody takes
 * room in a resource that somebody before them waits for, and nobody waits for those who wait for something else.
 *
 * <p>Somebody asks first by themselves, and comes here when told that there is no room; nothing of this is in the way of those who
 * find room, but a look at whether anybody waits. Whoever comes asks again at once, so that room that appeared in between is not
 * missed. Safe for many threads; no method blocks or calls an attempt.
 *
 * @param <L> a line
 * @param <R> what there can be no room in
 */
public final class WaitingRoom<L, R> implements AutoCloseable {
    private final Bounds bounds;
    private final Alarms alarms;
    private final Executor executor;
    private final Supplier<Duration> lookAgain;

    private final Map<L, Line<L, R>> lines = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * @param executor runs attempts, which may block; must not run them within the call that gives them to it
     * @param lookAgain how long until room may appear that nobody tells of; asked for as long as somebody waits
     */
    public WaitingRoom(Bounds bounds, Alarms alarms, Executor executor, Supplier<Duration> lookAgain) {
        this.bounds = bounds;
        this.alarms = alarms;
        this.executor = executor;
        this.lookAgain = lookAgain;
    }

    /** A room that nobody gets into. */
    public static <L, R> WaitingRoom<L, R> closedForever() {
        return new WaitingRoom<>(Bounds.NONE, Alarms.NEVER, Runnable::run, () -> Duration.ZERO);
    }

    /** How many wait. */
    public int waiting() {
        return waiting.get();
    }

    /** Whether somebody of this priority or a higher one waits for a resource: then those who come wait behind. */
    public boolean waitedFor(L line, R resource, int priority) {
        var known = lines.get(line);
        return known != null && known.waitedFor(resource, priority);
    }

    /**
     * Lets somebody wait.
     *
     * @param none what its first attempt was told
     * @param attempt to be asked until it is answered, or the time is over
     */
    public <A> Waiting<A> enter(Place<L> place, Attempt.NoRoom<R, A> none, Attempt<R, A> attempt) {
        if (closed) {
            return over(none.refusal(), Ending.CLOSED);
        }
        var line = join(place);
        if (line == null) {
            return over(none.refusal(), Ending.FULL);
        }
        var guest = new Guest<>(line, place, attempt, none.refusal(), alarms.nanos());
        line.enter(guest, none.waitMax());
        keepLooking();
        return guest;
    }

    /** Null if there is no place. Counted before the first attempt: who frees room later than that sees that somebody waits. */
    private @Nullable Line<L, R> join(Place<L> place) {
        if (waiting.incrementAndGet() <= bounds.inAll()) {
            if (bytes.addAndGet(place.bytes()) <= bounds.bytes()) {
                var before = new AtomicInteger();
                var line = lines.compute(place.line(), (_, known) -> {
                    var found = known == null ? new Line<>(this, alarms, executor) : known;
                    before.set(found.guests);
                    found.guests = Math.min(bounds.perLine(), found.guests + 1);
                    return found.guests == 0 ? null : found;
                });
                if (before.get() < bounds.perLine()) {
                    return line;
                }
            }
            bytes.addAndGet(-place.bytes());
        }
        waiting.decrementAndGet();
        return null;
    }

    /** Called by the line of whoever has left, once. */
    void left(Place<L> place) {
        lines.computeIfPresent(place.line(), (_, line) -> --line.guests == 0 ? null : line);
        bytes.addAndGet(-place.bytes());
        waiting.decrementAndGet();
    }

    boolean closed() {
        return closed;
    }

    /** A resource may have got room. To be called after it has it, or within the same lock as it gets it. */
    public void freed(L line, R resource) {
        if (waiting.get() > 0) {
            var known = lines.get(line);
            if (known != null) {
                known.freed(resource);
            }
        }
    }

    /** Anything may have got room. */
    public void lookAgain() {
        lines.values().forEach(Line::lookAgain);
    }

    /** Whoever waits is sent away, and nobody is let in any more. */
    @Override
    public void close() {
        closed = true;
        lines.values().forEach(Line::close);
    }

    private void keepLooking() {
        if (looking.compareAndSet(false, true)) {
            alarms.set(lookAgain.get(), this::look);
        }
    }

    private void look() {
        looking.set(false);
        if (waiting.get() > 0) {
            lookAgain();
            keepLooking();
        }
    }

    private static <A> Waiting<A> over(A refusal, Ending ending) {
        var waited = CompletableFuture.completedStage(new Waited<>(refusal, 0, ending));
        return new Waiting<>() {
            @Override
            public CompletionStage<Waited<A>> ended() {
                return waited;
            }

            @Override
            public void leave() {
                // It never waited.
            }
        };
    }
}
