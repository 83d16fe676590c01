package dev.quotary.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/** Lets so many run at once and so many wait, in the order of coming. Thread-safe. */
final class Slots {
    private final int runningMax;
    private final int waitingMax;
    private final Queue<BooleanSupplier> waiting = new ArrayDeque<>();
    private int running;

    Slots(int runningMax, int waitingMax) {
        this.runningMax = runningMax;
        this.waitingMax = waitingMax;
    }

    /**
     * Begins it now, or when {@link #leave} makes room.
     *
     * @param start says whether it runs, and is going to leave; one that was given up while it waited does not
     * @throws RejectedExecutionException if as many wait as may
     */
    void enter(BooleanSupplier start) {
        synchronized (this) {
            if (running == runningMax) {
                if (waiting.size() == waitingMax) {
                    throw new RejectedExecutionException(waitingMax + " requests wait already");
                }
                waiting.add(start);
                return;
            }
            running++;
        }
        if (!start.getAsBoolean()) {
            leave();
        }
    }

    /** Whoever entered and ran does not run any more. */
    void leave() {
        // A loop, as thousands may have been given up.
        while (true) {
            BooleanSupplier next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    running--;
                    return;
                }
            }
            if (next.getAsBoolean()) {
                return;
            }
        }
    }
}
