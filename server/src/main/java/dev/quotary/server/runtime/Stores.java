package dev.quotary.server.runtime;

import dev.quotary.ledger.Follower;
import dev.quotary.limit.RecoverableLimiter;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.memory.HoldJournal;
import dev.quotary.memory.JournaledLimiter;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.server.config.Config;
import dev.quotary.sql.LedgerParticipant;
import dev.quotary.sql.PostgresDatabase;
import dev.quotary.sql.SqlCatalogStore;
import dev.quotary.sql.SqlDatabase;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqliteDatabase;
import dev.quotary.sql.StoreObserver;
import dev.quotary.usage.Settlements;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores: one directory, one database, one journal, and the limiter that follows the ledger.
 *
 * @param limiter decides; over a database that others may use as well, only while it holds the lease
 * @param memory what of the limiter is in this process
 * @param opened what is to be closed, in this order
 */
record Stores(
        SqlDatabase database,
        SqlLedger ledger,
        SqlCatalogStore catalogStore,
        RecoverableLimiter limiter,
        JournaledLimiter memory,
        Deque<AutoCloseable> opened)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
    private static final long JOURNAL_COMPACT_BYTES = 64L << 20;
    /** A loss of power forgets the holds of at most this long. Recorded use is not affected: the ledger syncs before it answers. */
    private static final long SYNC_MILLIS = 200;

    static Stores open(Config.Store config, InstantSource clock, StoreObserver observer) {
        var opened = new ArrayDeque<AutoCloseable>();
        try {
            return open(config, clock, observer, opened);
        } catch (RuntimeException e) {
            close(opened);
            throw e;
        }
    }

    private static Stores open(
            Config.Store config, InstantSource clock, StoreObserver observer, Deque<AutoCloseable> opened) {
        var directory = with(opened, DataDirectory.open(config.directory()));
        var journal = with(opened, HoldJournal.open(directory.resolve("holds.journal"), JOURNAL_COMPACT_BYTES));
        var journaled = new JournaledLimiter(new MemoryLimiter(), journal);
        Follower follower = Settlements.follower(journaled, clock);
        var database = with(opened, database(config, observer));
        var limiter = switch (config) {
            case Config.Sqlite _ -> journaled;
            case Config.Postgres postgres -> {
                var lease = with(opened, NodeName.lease(postgres.url(), directory));
                yield new LeasedLimiter(journaled, lease);
            }
        };
        var ledger = with(opened, new SqlLedger(database, follower));
        opened.push(syncing(journal)::shutdown);
        return new Stores(database, ledger, new SqlCatalogStore(database), limiter, journaled, opened);
    }

    private static SqlDatabase database(Config.Store config, StoreObserver observer) {
        return switch (config) {
            case Config.Sqlite sqlite -> SqliteDatabase.open(sqlite.database(), observer);
            case Config.Postgres postgres -> PostgresDatabase.open(postgres.url(), LedgerParticipant.NONE, observer);
        };
    }

    private static <T extends AutoCloseable> T with(Deque<AutoCloseable> opened, T next) {
        opened.push(next);
        return next;
    }

    private static ScheduledExecutorService syncing(HoldJournal journal) {
        var syncs = Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().name("journal-sync").daemon().unstarted(task));
        // Its future never completes; the service itself is what is closed.
        var _ = syncs.scheduleWithFixedDelay(() -> sync(journal), SYNC_MILLIS, SYNC_MILLIS, TimeUnit.MILLISECONDS);
        return syncs;
    }

    private static void sync(HoldJournal journal) {
        try {
            journal.sync();
        } catch (StoreUnavailableException e) {
            LOG.atError().setCause(e).log("the journal of holds could not be synced; trying again");
        }
    }

    @Override
    public void close() {
        close(opened);
    }

    /** All of them, last opened first: one that cannot be closed must not keep the rest open. */
    private static void close(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.atError().setCause(e).log("closing a store failed");
            }
        }
    }
}
