package dev.quotary.server.runtime;

import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.SqlRollups;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that sums hours up once they are over, for questions about days and months. */
final class RollupKeeping implements AutoCloseable {
    private static final long STEP_SECONDS = 60;
    private static final long CLOSE_MILLIS_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(RollupKeeping.class);

    private final SqlRollups rollups;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private boolean failing;

    private RollupKeeping(SqlRollups rollups, InstantSource clock) {
        this.rollups = rollups;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("rollups").daemon().unstarted(this::run);
    }

    static RollupKeeping start(SqlRollups rollups, InstantSource clock) {
        var keeping = new RollupKeeping(rollups, clock);
        keeping.thread.start();
        return keeping;
    }

    private void run() {
        try {
            do {
                step();
            } while (!stop.await(STEP_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() {
        try {
            rollups.sumUp(clock.instant().minus(SqlRollups.DELAY), () -> stop.getCount() > 0);
            failing = false;
        } catch (StoreUnavailableException e) {
            if (!failing) {
                LOG.atWarn()
                        .setCause(e)
                        .log("sums by day and month wait for the store; answers are right without them");
            }
            failing = true;
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("summing up by day and month failed unexpectedly; it goes on");
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
