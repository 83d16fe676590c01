package dev.quotary.sql;

import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.limit.CounterKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a follower that throws, though it must not, from stopping the writer: what it was told is durable and has to be answered. What
 * it missed is found by the reconciler.
 */
final class GuardedFollower implements Follower {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedFollower.class);

    private final Follower follower;
    private final StoreObserver observer;

    GuardedFollower(Follower follower, StoreObserver observer) {
        this.follower = follower;
        this.observer = observer;
    }

    @Override
    public void recorded(Entry entry) {
        try {
            observer.recorded(entry.event());
            follower.recorded(entry);
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("event", entry.event().id())
                    .setCause(e)
                    .log("A follower of the ledger failed; its counters may be wrong until they are recounted");
        }
    }

    @Override
    public void recounted(CounterKey counter, long used) {
        try {
            follower.recounted(counter, used);
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("counter", counter)
                    .setCause(e)
                    .log("A follower of the ledger failed; its counter may be wrong until it is recounted");
        }
    }

    @Override
    public void exceeded(CounterKey counter, @Nullable Instant at) {
        try {
            follower.exceeded(counter, at);
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("counter", counter)
                    .setCause(e)
                    .log("A follower of the ledger failed; the grace of its counter may be wrong until the next start");
        }
    }
}
