package dev.quotary.server.runtime;

import dev.quotary.ledger.Follower;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.memory.HoldJournal;
import dev.quotary.memory.JournaledLimiter;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.server.config.Config;
import dev.quotary.sql.SqlCatalogStore;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqliteDatabase;
import dev.quotary.sql.StoreObserver;
import dev.quotary.usage.Settlements;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded stores: one directory, one database, one journal, and the limiter that follows the ledger. */
record Stores(
        DataDirectory directory,
        SqliteDatabase database,
        SqlLedger ledger,
        SqlCatalogStore catalogStore,
        HoldJournal journal,
        JournaledLimiter limiter,
        ScheduledExecutorService syncs)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
    private static final long JOURNAL_COMPACT_BYTES = 64L << 20;
    /** A loss of power forgets the holds of at most this long. Recorded use is not affected: the ledger syncs before it answers. */
    private static final long SYNC_MILLIS = 200;

    static Stores open(Config.Store config, InstantSource clock, StoreObserver observer) {
        var directory = DataDirectory.open(config.directory());
        try {
            var journal = HoldJournal.open(directory.resolve("holds.journal"), JOURNAL_COMPACT_BYTES);
            var limiter = new JournaledLimiter(new MemoryLimiter(), journal);
            Follower follower = Settlements.follower(limiter, clock);
            var database = SqliteDatabase.open(config.database(), observer);
            var ledger = new SqlLedger(database, follower);
            return new Stores(
                    directory, database, ledger, new SqlCatalogStore(database), journal, limiter, syncing(journal));
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
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
        syncs.shutdown();
        ledger.close();
        database.close();
        journal.close();
        directory.close();
    }
}
