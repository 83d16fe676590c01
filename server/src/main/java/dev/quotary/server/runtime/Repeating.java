package dev.quotary.server.runtime;

import dev.quotary.limit.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does one thing again and again until it is closed, and survives whatever goes wrong in it. An outage of the store is logged
 * when it begins, and not at every step.
 */
final class Repeating implements AutoCloseable {
    private static final long CLOSE_MILLIS_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Repeating.class);

    private final Job job;
    private final Pace pace;
    private final Semaphore woken = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopping;
    private boolean failing;

    /**
     * What is done.
     *
     * @param name of the thread, and for the log
     * @param last done once more when it is closed
     */
    record Job(String name, Runnable step, Runnable last) {
        static Job of(String name, Runnable step) {
            return new Job(name, step, () -> {});
        }
    }

    /**
     * How long it pauses after a step: so many times what the step took, within bounds. So its share of the machine is bounded, too.
     */
    record Pace(Duration min, Duration max, long timesTaken) {
        static Pace every(Duration pause) {
            return new Pace(pause, pause, 1);
        }

        private long millis(long takenNanos) {
            long wanted = TimeUnit.NANOSECONDS.toMillis(takenNanos) * timesTaken;
            return Math.clamp(wanted, min.toMillis(), max.toMillis());
        }
    }

    private Repeating(Job job, Pace pace) {
        this.job = job;
        this.pace = pace;
        this.thread = Thread.ofPlatform().name(job.name()).daemon().unstarted(this::run);
    }

    /** Begins with a step. */
    static Repeating start(Job job, Pace pace) {
        var repeating = new Repeating(job, pace);
        repeating.thread.start();
        return repeating;
    }

    /** Has the next step done now; never waits. */
    void wake() {
        woken.release();
    }

    private void run() {
        try {
            while (!stopping) {
                long begun = System.nanoTime();
                attempt(job.step());
                var _ = woken.tryAcquire(pace.millis(System.nanoTime() - begun), TimeUnit.MILLISECONDS);
                woken.drainPermits();
            }
            attempt(job.last());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt(Runnable step) {
        try {
            step.run();
            failing = false;
        } catch (StoreUnavailableException e) {
            if (!failing) {
                LOG.atWarn().setCause(e).addKeyValue("job", job.name()).log("a job waits for the store");
            }
            failing = true;
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("job", job.name())
                    .log("a step of a job failed unexpectedly; the job goes on");
        }
    }

    /** Waits for the step that runs. */
    @Override
    public void close() {
        stopping = true;
        wake();
        try {
            thread.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
