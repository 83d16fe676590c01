package dev.quotary.gateway.upstream;

import dev.quotary.queue.Alarms;
import dev.quotary.queue.Attempt;
import dev.quotary.queue.Bounds;
import dev.quotary.queue.Place;
import dev.quotary.queue.Turn;
import dev.quotary.queue.Waiting;
import dev.quotary.queue.WaitingRoom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets only so many calls be at a provider at once; others wait, higher priorities first and within one the subjects in turn. Safe for many
 * threads.
 */
public final class Slots implements AutoCloseable {
    private static final String LINE = "provider";
    private static final String SLOT = "slot";
    /** All room is told of; this is for the case that it was not. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private static final long WAITING_BYTES_MAX = 64L << 20;

    private final Options options;
    private final WaitingRoom<String, String> room;
    private final AtomicInteger taken = new AtomicInteger();

    /**
     * How many calls there may be.
     *
     * @param concurrency at the provider at once
     * @param waiting for that
     * @param waitMax how long
     */
    public record Options(int concurrency, int waiting, Duration waitMax) {
        public static final int WAITING = 1_000;
        public static final Duration WAIT = Duration.ofSeconds(30);
        public static final Duration WAIT_MAX = Duration.ofMinutes(10);

        public Options {
            if (concurrency < 1 || waiting < 0 || waitMax.isNegative() || waitMax.compareTo(WAIT_MAX) > 0) {
                throw new IllegalArgumentException(
                        "expected a concurrency of 1 or more, and a wait of at most 10m, was " + waitMax);
            }
        }
    }

    /** @param executor runs what lets calls in; never within the call that gives it to it */
    public Slots(Options options, Alarms alarms, Executor executor) {
        this.options = options;
        this.room = new WaitingRoom<>(
                new Bounds(options.waiting(), options.waiting(), WAITING_BYTES_MAX),
                alarms,
                executor,
                () -> LOOK_AGAIN);
    }

    /** Takes a slot, unless there is none or somebody waits who goes first. */
    public boolean take(int priority) {
        return !room.waitedFor(LINE, SLOT, priority) && take();
    }

    /**
     * Waits for a slot.
     *
     * @param party those who take turns
     * @param bytes what the waiting call keeps in memory
     * @return true if it was given; it is to be given back then
     */
    public Waiting<Boolean> enter(String party, int priority, long bytes) {
        return room.enter(new Place<>(LINE, party, priority, bytes), noRoom(), this::ask);
    }

    private Attempt.Asked<String, Boolean> ask(Turn<String> turn) {
        return !turn.behind(SLOT) && take() ? new Attempt.Answered<>(true) : noRoom();
    }

    private Attempt.NoRoom<String, Boolean> noRoom() {
        return new Attempt.NoRoom<>(false, Set.of(SLOT), options.waitMax());
    }

    private boolean take() {
        int now = taken.get();
        while (now < options.concurrency()) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    /** Gives a slot back; once for each that was taken. */
    public void giveBack() {
        if (taken.decrementAndGet() < 0) {
            throw new IllegalStateException("a slot was given back that nobody had");
        }
        room.freed(LINE, SLOT);
    }

    public int taken() {
        return taken.get();
    }

    public int waiting() {
        return room.waiting();
    }

    /** Sends away whoever waits, and lets nobody wait any more. */
    @Override
    public void close() {
        room.close();
    }
}
