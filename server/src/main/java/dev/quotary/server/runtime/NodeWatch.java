package dev.quotary.server.runtime;

import dev.quotary.limit.Hold;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.admission.PostgresNodes;
import dev.quotary.usage.Interruptions;
import dev.quotary.usage.Settled;
import dev.quotary.usage.Settlements;
import dev.quotary.usage.Tariff;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's part in a group of servers on one database: says that it lives, follows changes of the catalog, and takes up what a dead one
 * left. All of them do the same, and none is special.
 *
 * <p>After a while in which the database was away, every lease is over, also those of servers that live. So nobody is taken for dead until
 * this server has renewed its own lease for as long as a lease lasts, which gives the others the time to renew theirs.
 */
final class NodeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);
    private static final long TICK_MILLIS = 250;
    private static final int RENEW_TICKS = 4;
    private static final int TAKE_OVER_TICKS = 12;
    private static final int SWEEP_TICKS = 40;
    private static final Duration CLOCKS_APART_MAX = Duration.ofSeconds(1);
    private static final int HOLDS_AT_ONCE_MAX = 1_000;
    private static final long SETTLE_SECONDS_MAX = 60;

    private final PostgresNodes nodes;
    private final CatalogFeed feed;
    private final Takeover takeover;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private long tick;
    /** Since which tick the lease has been renewed without a failure. */
    private long renewedSince;

    private boolean failing;
    private boolean apart;

    NodeWatch(PostgresNodes nodes, CatalogFeed feed, Takeover takeover) {
        this.nodes = nodes;
        this.feed = feed;
        this.takeover = takeover;
        this.thread = Thread.ofVirtual().name("node-watch").unstarted(this::run);
    }

    /** Settles the calls that dead servers were in the middle of. */
    record Takeover(PostgresNodes nodes, Limiter limiter, Settlements settlements, Tariff tariff, InstantSource clock) {
        /**
         * Takes up what a server left; settling a call that another has settled already changes nothing.
         *
         * @param certain whether it is known to have ended
         */
        void of(String dead, boolean certain) {
            int settled = 0;
            List<Hold> holds;
            do {
                holds = nodes.interrupted(dead, HOLDS_AT_ONCE_MAX);
                settle(holds);
                settled += holds.size();
            } while (holds.size() == HOLDS_AT_ONCE_MAX);
            nodes.forget(dead, certain);
            LOG.atInfo()
                    .addKeyValue("node", dead)
                    .addKeyValue("interrupted_calls", settled)
                    .log("took up what a server left");
        }

        private void settle(List<Hold> holds) {
            var pending = holds.stream()
                    .map(hold -> settlements
                            .commit(hold, Interruptions.commitment(hold, tariff))
                            .thenAcceptAsync(settled -> giveBackIfRecordedBefore(hold, settled))
                            .toCompletableFuture())
                    .toArray(CompletableFuture[]::new);
            try {
                CompletableFuture.allOf(pending)
                        .orTimeout(SETTLE_SECONDS_MAX, TimeUnit.SECONDS)
                        .join();
            } catch (CompletionException e) {
                throw new StoreUnavailableException("settling what a server left", e);
            }
        }

        /** Recording drops a hold. One beside a use that was recorded before it was taken is left over from a repeat that came late. */
        private void giveBackIfRecordedBefore(Hold hold, Settled settled) {
            if (!(settled instanceof Settled.Done done) || done.repeated()) {
                var _ = limiter.release(hold.call().organization(), hold.id(), clock.instant());
            }
        }
    }

    /**
     * Joins the others: from now on they count on this server, and it takes up what earlier runs of its own left.
     *
     * @param earlier how the names of its earlier runs begin
     */
    void join(String earlier) {
        nodes.renew(feed.shown());
        nodes.earlier(earlier).forEach(dead -> takeover.of(dead, true));
        thread.start();
    }

    private void run() {
        try {
            while (!stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                tick++;
                try {
                    work();
                    failing = false;
                } catch (RuntimeException e) {
                    renewedSince = tick;
                    if (!failing) {
                        LOG.atWarn().setCause(e).log("the other servers cannot be watched; trying again");
                    }
                    failing = true;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        long before = feed.shown();
        feed.catchUp();
        if (feed.shown() != before || tick % RENEW_TICKS == 0) {
            nodes.renew(feed.shown());
        }
        long quiet = Duration.ofMillis(TICK_MILLIS * (tick - renewedSince)).compareTo(PostgresNodes.LEASE);
        if (quiet > 0 && tick % TAKE_OVER_TICKS == 0) {
            nodes.dead().forEach(dead -> takeover.of(dead, false));
        }
        if (tick % SWEEP_TICKS == 0) {
            nodes.sweep();
            compareClocks();
        }
    }

    /** Holds of this server end early where other clocks are ahead of its own, and the other way round. */
    private void compareClocks() {
        var ahead = nodes.ahead(takeover.clock());
        boolean far = ahead.abs().compareTo(CLOCKS_APART_MAX) > 0;
        if (far && !apart) {
            LOG.atWarn()
                    .addKeyValue("ahead_ms", ahead.toMillis())
                    .log("the clock of the database differs from this server's: windows and holds end by either");
        }
        apart = far;
    }

    /** Follows no changes any more; the lease goes on until it is over or given back. */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
