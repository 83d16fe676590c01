package dev.quotary.server.runtime;

import dev.quotary.api.key.KeyUseKeeper;
import dev.quotary.limit.StoreUnavailableException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that stores once a minute which keys were used, and once more when the server stops. */
final class KeyUseKeeping implements AutoCloseable {
    private static final long STEP_SECONDS = 60;
    private static final long CLOSE_MILLIS_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(KeyUseKeeping.class);

    private final KeyUseKeeper keeper;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private boolean failing;

    private KeyUseKeeping(KeyUseKeeper keeper) {
        this.keeper = keeper;
        this.thread = Thread.ofPlatform().name("key-uses").daemon().unstarted(this::run);
    }

    static KeyUseKeeping start(KeyUseKeeper keeper) {
        var keeping = new KeyUseKeeping(keeper);
        keeping.thread.start();
        return keeping;
    }

    private void run() {
        try {
            do {
                step();
            } while (!stop.await(STEP_SECONDS, TimeUnit.SECONDS));
            step();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() {
        try {
            keeper.step();
            failing = false;
        } catch (StoreUnavailableException e) {
            if (!failing) {
                LOG.atWarn().setCause(e).log("the uses of keys wait for the store");
            }
            failing = true;
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("storing the uses of keys failed unexpectedly; it goes on");
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
