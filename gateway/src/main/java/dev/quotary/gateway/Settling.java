package dev.quotary.gateway;

import dev.quotary.limit.Hold;
import dev.quotary.usage.Commitment;
import dev.quotary.usage.Settled;
import dev.quotary.usage.Settlements;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits calls to the ledger, and keeps trying while the ledger does not answer: the provider has billed the call, so its use must not
 * be lost. Until it is recorded the hold stands in for it; should the process die first, the hold is settled at the next start.
 */
final class Settling {
    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);
    private static final long RETRY_MILLIS = 1_000;
    /** Commits waiting for another attempt at most; beyond, the hold alone keeps the use until the next start. */
    private static final int WAITING_MAX = 100_000;

    private final Settlements settlements;
    private final Vertx vertx;
    private final AtomicInteger waiting = new AtomicInteger();

    Settling(Settlements settlements, Vertx vertx) {
        this.settlements = settlements;
        this.vertx = vertx;
    }

    /** Succeeds on {@code context} when the use is durable; fails when the first attempt did, while further ones go on. */
    Future<Settled> commit(Hold hold, Commitment commitment, Context context) {
        Promise<Settled> promise = Promise.promise();
        settlements
                .commit(hold, commitment)
                .whenComplete((settled, failure) -> context.runOnContext(_ -> {
                    if (failure == null) {
                        promise.complete(settled);
                    } else {
                        LOG.atError()
                                .setCause(failure)
                                .addKeyValue("event", hold.id().event())
                                .log("use not recorded yet");
                        retryLater(hold, commitment);
                        promise.fail(failure);
                    }
                }));
        return promise.future();
    }

    private void retryLater(Hold hold, Commitment commitment) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            return;
        }
        vertx.setTimer(
                RETRY_MILLIS,
                _ -> settlements.commit(hold, commitment).whenComplete((_, failure) -> {
                    waiting.decrementAndGet();
                    if (failure != null) {
                        retryLater(hold, commitment);
                    }
                }));
    }
}
