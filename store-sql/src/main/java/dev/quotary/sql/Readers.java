package dev.quotary.sql;

import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs queries, each on a connection of its own that sees only what is committed. A fair semaphore bounds how many run at once; without
 * fairness some would starve for seconds under load.
 */
final class Readers implements AutoCloseable {
    private static final int RUNNING_MAX = 4;
    private static final int WAITING_MAX = 10_000;
    private static final int WAIT_SECONDS_MAX = 10;
    private static final int CLOSE_SECONDS_MAX = 30;
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final SessionSource sessions;
    private final Semaphore waiting = new Semaphore(WAITING_MAX);
    private final Semaphore running = new Semaphore(RUNNING_MAX, true);
    private final ConcurrentLinkedQueue<Session> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** Opens a session that cannot change anything. */
    interface SessionSource {
        Session open() throws SQLException;
    }

    interface Query<T> {
        T run(Session session) throws SQLException;
    }

    Readers(SessionSource sessions) {
        this.sessions = sessions;
    }

    /** Runs a query on a virtual thread; fails at once if too many wait. */
    <T> CompletableFuture<T> submit(Query<T> query) {
        var answer = new CompletableFuture<T>();
        if (!waiting.tryAcquire()) {
            answer.completeExceptionally(refused("too many queries are waiting"));
            return answer;
        }
        Thread.ofVirtual().name("quotary-sql-reader").start(() -> answer(query, answer));
        return answer;
    }

    private <T> void answer(Query<T> query, CompletableFuture<T> answer) {
        try {
            var result = run(query);
            waiting.release();
            answer.complete(result);
        } catch (Throwable e) {
            waiting.release();
            answer.completeExceptionally(e);
        }
    }

    /** Runs a query on the calling thread. */
    <T> T run(Query<T> query) {
        try {
            if (!running.tryAcquire(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new StoreUnavailableException("reading the database: too busy", new TimeoutException());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("reading the database: interrupted", e);
        }
        try {
            if (closed) {
                throw refused("the database is closed");
            }
            return runHere(query);
        } finally {
            running.release();
        }
    }

    private <T> T runHere(Query<T> query) {
        try {
            return runOnIdle(query);
        } catch (SQLException e) {
            throw new StoreUnavailableException("reading the database: " + SqlErrors.reason(e), e);
        }
    }

    /** A connection that has been idle may be gone without anybody having noticed: the query is repeated on a new one. */
    private <T> T runOnIdle(Query<T> query) throws SQLException {
        var known = idle.poll();
        if (known != null) {
            try {
                return runOn(known, query);
            } catch (SQLException e) {
                if (!SqlErrors.connectionLost(e)) {
                    throw e;
                }
                closeIdle();
            }
        }
        return runOn(sessions.open(), query);
    }

    private <T> T runOn(Session session, Query<T> query) throws SQLException {
        boolean sound = false;
        try {
            var result = query.run(session);
            sound = true;
            return result;
        } finally {
            giveBack(session, sound);
        }
    }

    private void closeIdle() {
        for (var session = idle.poll(); session != null; session = idle.poll()) {
            close(session);
        }
    }

    /** A connection that has seen an error is not trusted. */
    private void giveBack(Session session, boolean sound) {
        if (sound) {
            idle.add(session);
        } else {
            close(session);
        }
    }

    private static StoreUnavailableException refused(String why) {
        return new StoreUnavailableException("reading the database: " + why, new RejectedExecutionException(why));
    }

    private static void close(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.warn("Closing a connection to the database failed", e);
        }
    }

    /** Waits for the queries that run, and closes their connections; later ones fail. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!running.tryAcquire(RUNNING_MAX, CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.error("Queries of the database did not end in time");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        closeIdle();
        running.release(RUNNING_MAX);
    }
}
