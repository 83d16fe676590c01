package dev.quotary.server.runtime;

import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.usage.Reconciler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that reconciles while the server runs, slowly: its budget is one hundredth of its own time. */
final class Reconciling implements AutoCloseable {
    /** After each step it pauses for so many times what the step took. */
    private static final long PAUSE_PER_STEP = 99;

    private static final long PAUSE_MILLIS_MIN = 100;
    private static final long PAUSE_MILLIS_MAX = 60_000;
    private static final long CLOSE_MILLIS_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Reconciling.class);

    private final Reconciler reconciler;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private boolean failing;

    private Reconciling(Reconciler reconciler) {
        this.reconciler = reconciler;
        this.thread = Thread.ofPlatform().name("reconciler").daemon().unstarted(this::run);
    }

    static Reconciling start(Reconciler reconciler) {
        var reconciling = new Reconciling(reconciler);
        reconciling.thread.start();
        return reconciling;
    }

    private void run() {
        try {
            long pause = PAUSE_MILLIS_MIN;
            while (!stop.await(pause, TimeUnit.MILLISECONDS)) {
                long begun = System.nanoTime();
                step();
                long taken = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                pause = Math.clamp(taken * PAUSE_PER_STEP, PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() {
        try {
            reconciler.step();
            failing = false;
        } catch (StoreUnavailableException e) {
            if (!failing) {
                LOG.atWarn().setCause(e).log("reconciling waits for the store");
            }
            failing = true;
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("a step of the reconciler failed unexpectedly; it goes on");
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
