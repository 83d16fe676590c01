package dev.quotary.sql.admission;

import dev.quotary.limit.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The steps that wait to be decided: so many at most, each no longer than its deadline, whatever the database does.
 *
 * <p>A ticking thread looks after the deadlines. A step that was given up may nevertheless have been decided; who asks again with the same
 * id learns how.
 */
final class Waiting implements AutoCloseable {
    /** Steps that wait or are being decided, at most: more than a second's work. */
    static final int WAITING_MAX = 20_000;

    private static final long TICK_MILLIS = 100;

    private final LinkedTransferQueue<Ask<?>> queue = new LinkedTransferQueue<>();
    private final Set<Ask<?>> open = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(WAITING_MAX);
    private final Semaphore stop = new Semaphore(0);
    private final long deadlineTicks;
    private volatile long tick;
    private volatile long awayUntil;
    private volatile boolean closed;

    Waiting(String name, Duration deadline) {
        this.deadlineTicks = Math.max(1, deadline.toMillis() / TICK_MILLIS);
        var _ = Thread.ofVirtual().name(name + "-deadlines").start(this::tick);
    }

    /** Never waits: a step that finds no place fails at once. */
    <T> CompletableFuture<T> submit(Step<T> step) {
        var ask = new Ask<T>(step, tick);
        if (closed) {
            ask.fail(new StoreUnavailableException("deciding: the limiter is closed", null));
        } else if (!places.tryAcquire()) {
            ask.fail(new StoreUnavailableException("deciding: too many wait already", null));
        } else {
            open.add(ask);
            queue.add(ask);
        }
        return ask.future();
    }

    /** Waits for the first step, then takes what else waits, up to a number; empty when closed. */
    List<Ask<?>> take(int max) throws InterruptedException {
        var group = new ArrayList<Ask<?>>();
        Ask<?> ask = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        while (ask != null) {
            if (ask.answered()) {
                done(ask);
            } else {
                group.add(ask);
            }
            ask = group.size() < max ? queue.poll() : null;
        }
        return group;
    }

    /** Every step that was taken comes back here, answered. */
    void done(Ask<?> ask) {
        if (open.remove(ask)) {
            places.release();
        }
    }

    /** Whether the database did not answer a moment ago, whoever asked it. */
    boolean away() {
        return tick < awayUntil;
    }

    /** It did not answer: for so many ticks nobody need ask. Those who fail because of this do not put it off any further. */
    void goneFor(long ticks) {
        if (!away()) {
            awayUntil = tick + ticks;
        }
    }

    /** It has answered somebody. */
    void back() {
        awayUntil = 0;
    }

    /** Steps that wait, or are being decided. */
    int size() {
        return WAITING_MAX - places.availablePermits();
    }

    boolean isClosed() {
        return closed;
    }

    /** Nothing is left to answer. */
    boolean idle() {
        return open.isEmpty();
    }

    private void tick() {
        try {
            while (!stop.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = tick + 1;
                tick = now;
                for (var ask : open) {
                    if (now - ask.tick() > deadlineTicks) {
                        ask.fail(new StoreUnavailableException("deciding: no answer in time", null));
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes no more steps. What waits is still to be answered. */
    void refuse() {
        closed = true;
    }

    @Override
    public void close() {
        closed = true;
        stop.release();
        for (var ask : open) {
            ask.fail(new StoreUnavailableException("deciding: the limiter is closed", null));
        }
    }
}
