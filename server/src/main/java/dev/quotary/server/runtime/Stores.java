package dev.quotary.server.runtime;

import dev.quotary.analytics.Analytics;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.ledger.Follower;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.RecoverableLimiter;
import dev.quotary.limit.StandInLimiter;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.memory.HoldJournal;
import dev.quotary.memory.JournaledLimiter;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.server.config.Config;
import dev.quotary.sql.LedgerParticipant;
import dev.quotary.sql.PostgresDatabase;
import dev.quotary.sql.PostgresUrl;
import dev.quotary.sql.Snapshots;
import dev.quotary.sql.SqlCatalogStore;
import dev.quotary.sql.SqlDatabase;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqliteDatabase;
import dev.quotary.sql.StoreObserver;
import dev.quotary.sql.admission.HoldSettlement;
import dev.quotary.sql.admission.PostgresLimiter;
import dev.quotary.sql.admission.PostgresLimiterOptions;
import dev.quotary.sql.query.SqlSubjectUses;
import dev.quotary.sql.query.SqlUsageQueries;
import dev.quotary.usage.Settlements;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
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
 * @param sharing with other servers; empty where this one is alone
 * @param figures what else of them is shown as metrics
 * @param opened what is to be closed, in this order
 */
record Stores(
        SqlDatabase database,
        SqlLedger ledger,
        CatalogStore catalogStore,
        RecoverableLimiter limiter,
        JournaledLimiter memory,
        Optional<Sharing> sharing,
        StoreFigures figures,
        Deque<AutoCloseable> opened)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
    private static final long JOURNAL_COMPACT_BYTES = 64L << 20;
    /** A loss of power forgets the holds of at most this long. Recorded use is not affected: the ledger syncs before it answers. */
    private static final long SYNC_MILLIS = 200;
    /** How many counters are known while the database is away; about 300 bytes each. */
    private static final int COUNTERS_REMEMBERED_MAX = 100_000;

    /** @param listener told of everything recorded, when the limiter has been */
    static Stores open(Config.Store config, InstantSource clock, StoreObserver observer, Follower listener) {
        var opened = new ArrayDeque<AutoCloseable>();
        try {
            return open(config, new Watched(clock, observer, listener), opened);
        } catch (RuntimeException e) {
            close(opened);
            throw e;
        }
    }

    /** By what the stores are watched. */
    private record Watched(InstantSource clock, StoreObserver observer, Follower listener) {
        Follower follower(Limiter limiter) {
            return Settlements.follower(limiter, clock).and(listener);
        }
    }

    private static Stores open(Config.Store config, Watched watched, Deque<AutoCloseable> opened) {
        var directory = with(opened, DataDirectory.open(config.directory()));
        var journal = with(opened, HoldJournal.open(directory.resolve("holds.journal"), JOURNAL_COMPACT_BYTES));
        var journaled = new JournaledLimiter(new MemoryLimiter(), journal);
        opened.push(syncing(journal)::shutdown);
        var own = new Own(NodeName.of(directory), journaled, watched);
        var observer = watched.observer();
        return switch (config) {
            case Config.Sqlite sqlite -> {
                var database = with(opened, SqliteDatabase.open(sqlite.database(), observer));
                yield alone(database, new SqlCatalogStore(database), journaled, own, opened);
            }
            case Config.Postgres postgres when postgres.shared() -> shared(postgres.url(), own, opened);
            case Config.Postgres postgres -> {
                var database = with(opened, PostgresDatabase.open(postgres.url(), LedgerParticipant.NONE, observer));
                var lease = with(opened, NodeName.lease(postgres.url(), directory));
                Sharing.refuseOthers(postgres.url(), own.name());
                var catalog = new LeasedCatalogStore(new SqlCatalogStore(database), lease);
                yield alone(database, catalog, new LeasedLimiter(journaled, lease), own, opened)
                        .showing(StoreFigures.of(lease));
            }
        };
    }

    /** What is this server's alone. */
    private record Own(String name, JournaledLimiter memory, Watched watched) {}

    private static Stores alone(
            SqlDatabase database,
            CatalogStore catalog,
            RecoverableLimiter limiter,
            Own own,
            Deque<AutoCloseable> opened) {
        var watched = own.watched();
        var ledger = with(opened, new SqlLedger(database, watched.follower(own.memory()), watched.clock()));
        return new Stores(
                database, ledger, catalog, limiter, own.memory(), Optional.empty(), StoreFigures.NONE, opened);
    }

    /** The journal keeps the holds that this server takes while the database is away. */
    private static Stores shared(PostgresUrl url, Own own, Deque<AutoCloseable> opened) {
        var sharing = Sharing.of(url, own.name());
        var database = with(
                opened,
                PostgresDatabase.open(
                        url, new HoldSettlement(sharing.run()), own.watched().observer()));
        var inDatabase =
                with(opened, new PostgresLimiter(sharing.connections(), sharing.run(), PostgresLimiterOptions.DEFAULT));
        with(opened, sharing.nodes());
        sharing.begin();
        var limiter = new StandInLimiter(inDatabase, own.memory(), COUNTERS_REMEMBERED_MAX);
        var ledger = with(opened, new SqlLedger(database, own.watched().follower(limiter)));
        var catalog = new SharedCatalogStore(new SqlCatalogStore(database), sharing.nodes());
        return new Stores(
                        database,
                        ledger,
                        catalog,
                        limiter,
                        own.memory(),
                        Optional.of(sharing.storing(catalog)),
                        StoreFigures.NONE,
                        opened)
                .showing(StoreFigures.of(inDatabase));
    }

    private Stores showing(StoreFigures shown) {
        return new Stores(database, ledger, catalogStore, limiter, memory, sharing, shown, opened);
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

    /** What answers questions about what the ledger has. */
    Analytics analytics() {
        var snapshots = new Snapshots(database, ledger);
        var queries = new SqlUsageQueries(snapshots);
        return new Analytics(queries, queries, new SqlSubjectUses(snapshots));
    }

    /** Has something closed before everything that was opened so far. */
    void closeFirst(AutoCloseable what) {
        opened.push(what);
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
