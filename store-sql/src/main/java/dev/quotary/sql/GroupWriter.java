package dev.quotary.sql;

import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: group commit.
 *
 * <p>It takes everything that waits, writes it in one transaction with one fsync, answers, and takes what has come meanwhile. Under light
 * load a lone caller waits for one fsync; under heavy load transactions grow by themselves. It never lingers for more.
 *
 * <p>Rows that wait or are being written hold permits, so the queue is bounded without anybody waiting to enter it: who finds no permit
 * fails at once. Closing takes all permits, which is the same as waiting until everything is answered.
 *
 * <p>After any failure the session is thrown away, which rolls back, and the next transaction opens a new one: a connection that has
 * seen a full disk or an I/O error is not trusted. A transaction is repeated here only where the database says that it was rolled back
 * for the sake of another, or where its connection was gone before it asked for the commit. All else its callers decide.
 *
 * <p>A commit that was asked for and not confirmed leaves a doubt. Its callers are told so at once; before anything else is written, the
 * doubt is {@linkplain Doubt resolved}, so that the follower misses nothing and learns everything in the ledger's order.
 */
final class GroupWriter implements AutoCloseable {
    /** No more is taken into a transaction once it has so many rows. */
    static final int ROWS_PER_TRANSACTION = 5_000;
    /** Rows that wait or are being written, at most: about a second's work. */
    static final int ROWS_WAITING_MAX = 40_000;

    private static final int CLOSE_SECONDS_MAX = 60;
    /** How often one transaction is tried. */
    private static final int TRIES_MAX = 5;
    /** While there is a doubt and nothing to write, it is looked into so often. */
    private static final long DOUBT_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);

    private final TablesSource source;
    private final StoreObserver observer;
    private final LinkedTransferQueue<Work> queue = new LinkedTransferQueue<>();
    private final Semaphore rows = new Semaphore(ROWS_WAITING_MAX);
    private final Thread thread;
    private volatile boolean closed;
    /** Touched by the writer's thread only, once it runs. */
    private @Nullable Tables tables;

    private Doubt doubt = Doubt.NONE;
    /** Transactions failed since the last that did not: an outage is logged when it begins and when it ends. */
    private long failures;

    /** Opens a session for writing, without auto-commit. */
    interface TablesSource {
        Tables open() throws SQLException;
    }

    GroupWriter(TablesSource source, Tables first, StoreObserver observer) {
        this.source = source;
        this.tables = first;
        this.observer = observer;
        // A platform thread: its calls into SQLite and its fsyncs would pin a virtual thread's carrier anyway.
        this.thread = Thread.ofPlatform().name("quotary-sql-writer").daemon().unstarted(this::run);
        thread.start();
    }

    /** Has work written in its turn; fails it at once if the queue is full or closed. Never waits. */
    void submit(Work work) {
        if (closed) {
            work.failed(refused("the database is closed"));
        } else if (!rows.tryAcquire(work.rows())) {
            work.failed(refused("too much is waiting to be written"));
        } else {
            queue.add(work);
        }
    }

    static StoreUnavailableException refused(String why) {
        return new StoreUnavailableException("writing to the database: " + why, new RejectedExecutionException(why));
    }

    private void run() {
        var group = new ArrayList<Work>();
        while (!group.contains(Stop.STOP)) {
            group.clear();
            try {
                take(group);
                commit(group);
            } catch (Throwable e) {
                // Whatever it was: if this thread died, every later caller would wait for ever.
                LOG.error("The writer of the database met an error that it did not expect; it goes on", e);
            }
        }
        discardTables();
    }

    /** Everything that waits, up to the size of a transaction; waits for the first, but not while there is a doubt. */
    private void take(List<Work> group) throws InterruptedException {
        Work work = doubt.resolved() ? queue.take() : queue.poll(DOUBT_MILLIS, TimeUnit.MILLISECONDS);
        for (int taken = 0; work != null; work = taken < ROWS_PER_TRANSACTION ? queue.poll() : null) {
            group.add(work);
            taken += work.rows();
        }
    }

    private void commit(List<Work> group) {
        long begun = observer.nanos();
        try {
            write(group);
        } catch (Throwable e) {
            // All of them, errors too: callers wait for an answer, and the next transaction may well succeed.
            discardTables();
            observer.failed();
            fail(group, e);
            return;
        }
        observer.committed(group.stream().mapToInt(Work::rows).sum(), observer.nanos() - begun);
        if (failures > 0) {
            LOG.atInfo().addKeyValue("failures", failures).log("Transactions succeed again");
            failures = 0;
        }
        group.forEach(Work::durable);
        for (var work : group) {
            work.completed();
            rows.release(work.rows());
        }
    }

    private void write(List<Work> group) throws SQLException {
        for (int tries = 1; ; tries++) {
            var open = tables();
            try {
                doubt.resolve(open.session());
                doubt = Doubt.NONE;
                if (!group.isEmpty()) {
                    open.write(group);
                }
                return;
            } catch (CommitException e) {
                if (tries == TRIES_MAX || !SqlErrors.rolledBack(e)) {
                    doubt = SqlErrors.rolledBack(e) ? Doubt.NONE : Doubt.about(group);
                    throw e;
                }
            } catch (SQLException e) {
                if (tries == TRIES_MAX || !(SqlErrors.rolledBack(e) || SqlErrors.connectionLost(e))) {
                    throw e;
                }
            }
            discardTables();
        }
    }

    private Tables tables() throws SQLException {
        var open = tables;
        if (open == null) {
            open = source.open();
            tables = open;
        }
        return open;
    }

    private void discardTables() {
        var open = tables;
        tables = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.warn("Closing a connection to the database failed", e);
            }
        }
    }

    private void fail(List<Work> group, Throwable cause) {
        if (failures++ == 0) {
            LOG.atError()
                    .setCause(cause)
                    .log("A transaction failed; others that fail until one succeeds are only counted");
        }
        var step = cause instanceof CommitException
                ? "writing to the database, which may have taken effect: "
                : "writing to the database: ";
        var why = new StoreUnavailableException(step + SqlErrors.reason(cause), cause);
        for (var work : group) {
            work.failed(why);
            rows.release(work.rows());
        }
    }

    StoreObserver observer() {
        return observer;
    }

    /** Rows that wait or are being written. */
    int rowsWaiting() {
        return ROWS_WAITING_MAX - rows.availablePermits();
    }

    /** Waits until everything submitted is answered. */
    void drain() {
        if (!closed && takeAllRows()) {
            rows.release(ROWS_WAITING_MAX);
        }
    }

    /** Finishes what was submitted, then ends the thread. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        takeAllRows();
        queue.add(Stop.STOP);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS_MAX));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean takeAllRows() {
        try {
            if (rows.tryAcquire(ROWS_WAITING_MAX, CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                return true;
            }
            LOG.error("The writer of the database did not finish in time; what it has not answered may be lost");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Ends the thread. */
    private enum Stop implements Work {
        STOP;

        @Override
        public int rows() {
            return 0;
        }

        @Override
        public void write(Tables tables) {}

        @Override
        public void completed() {}

        @Override
        public void failed(StoreUnavailableException why) {}
    }
}
