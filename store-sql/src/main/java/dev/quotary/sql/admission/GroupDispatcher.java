package dev.quotary.sql.admission;

import dev.quotary.limit.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread with a connection of its own that takes everything that waits, has it decided in one transaction, and answers.
 *
 * <p>It never lingers for more: under light load a lone caller waits for one transaction, under heavy load groups grow by themselves.
 * Transactions that the database gave up for another's sake are repeated here. After any other failure the connection is thrown away and
 * what was asked fails, as nobody knows whether it was decided; for a moment everything fails at once then, so that callers need not wait
 * for a database that is away.
 */
final class GroupDispatcher implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 5;
    private static final long AWAY_TICKS = 3;
    private static final long CLOSE_MILLIS_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(GroupDispatcher.class);

    private final Waiting waiting;
    private final Opening opening;
    private final Deciding deciding;
    private final Listener listener;
    private final Thread thread;
    /** Touched by the thread alone. */
    private @Nullable GroupTransaction transaction;

    private @Nullable Connection connection;
    private long failures;

    private final LongAdder transactions = new LongAdder();
    private final LongAdder decisions = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Opens a connection that is set up for its work. */
    interface Opening {
        Connection open() throws SQLException;

        GroupTransaction transaction(Connection connection);

        /** Steps of one transaction, at most. */
        int groupMax();
    }

    /** How a group is worked on. */
    interface Deciding {
        List<Object> run(GroupTransaction transaction, List<? extends Step<?>> steps) throws SQLException;
    }

    /** Told what nobody could be told. */
    interface Listener {
        /** A step was decided, but its caller had given up. */
        void unheard(Step<?> step, Object answer);

        /** It is not known whether a step was decided. */
        void unknown(Step<?> step);

        /** A group was decided. */
        void decided();
    }

    GroupDispatcher(String name, Waiting waiting, Opening opening, Deciding deciding, Listener listener) {
        this.waiting = waiting;
        this.opening = opening;
        this.deciding = deciding;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!waiting.isClosed() || !waiting.idle()) {
            try {
                var group = waiting.take(opening.groupMax());
                if (!group.isEmpty()) {
                    decide(group);
                }
            } catch (InterruptedException _) {
                break;
            } catch (Throwable e) {
                // Whatever it was: if this thread died, every later caller would wait for its deadline.
                LOG.error("A dispatcher of the limiter met an error that it did not expect; it goes on", e);
            }
        }
        discard();
    }

    private void decide(List<Ask<?>> all) {
        var group = new ArrayList<>(all);
        try {
            var answers = decided(group);
            waiting.back();
            if (failures > 0) {
                LOG.atInfo().addKeyValue("failures", failures).log("the database of the limiter answers again");
                failures = 0;
            }
            for (int i = 0; i < answers.size(); i++) {
                if (!group.get(i).complete(answers.get(i))) {
                    listener.unheard(group.get(i).step(), answers.get(i));
                }
            }
        } catch (Throwable e) {
            // Errors too: callers wait for an answer, and the next transaction may well succeed.
            discard();
            waiting.goneFor(AWAY_TICKS);
            fail(group, e);
        } finally {
            all.forEach(waiting::done);
        }
        if (failures == 0) {
            listener.decided();
        }
    }

    /**
     * Decides a group. Where its connection broke, as after this process stood still, it is decided once more on a new one: the database may
     * well be there, and then what is remembered here must not stand in for it.
     *
     * @param group loses those who cannot be asked for again, and have been told so
     */
    private List<Object> decided(List<Ask<?>> group) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            var steps = group.stream().map(Ask::step).toList();
            try {
                var answers = deciding.run(transaction(), steps);
                transactions.increment();
                decisions.add(steps.size());
                return answers;
            } catch (SQLException e) {
                if (attempt < ATTEMPTS_MAX && SqlStates.stoodStill(e)) {
                    discard();
                } else if (attempt == 1 && SqlStates.connectionLost(e)) {
                    discard();
                    dropUnrepeatable(group, e);
                    if (group.isEmpty()) {
                        throw e;
                    }
                } else if (attempt < ATTEMPTS_MAX && SqlStates.givenUp(e)) {
                    rollback();
                } else {
                    throw e;
                }
                repeated.increment();
            }
        }
    }

    /** A release that took effect unheard would find nothing a second time: its caller asks again, and knows what that means. */
    private void dropUnrepeatable(List<Ask<?>> group, SQLException cause) {
        var once = group.stream().filter(ask -> !ask.step().repeatable()).toList();
        group.removeAll(once);
        tell(once, cause);
    }

    private void rollback() throws SQLException {
        var open = connection;
        if (open != null) {
            open.rollback();
        }
    }

    private GroupTransaction transaction() throws SQLException {
        var ready = transaction;
        if (ready == null) {
            if (waiting.away()) {
                throw new SQLException("it did not answer a moment ago");
            }
            var opened = opening.open();
            connection = opened;
            ready = opening.transaction(opened);
            transaction = ready;
        }
        return ready;
    }

    AdmissionCounts counts() {
        return new AdmissionCounts(transactions.sum(), decisions.sum(), repeated.sum(), failed.sum(), 0);
    }

    private void fail(List<Ask<?>> group, Throwable cause) {
        failed.increment();
        if (failures++ == 0) {
            LOG.atError().setCause(cause).log("the database of the limiter failed; further failures are only counted");
        }
        tell(group, cause);
    }

    private void tell(List<Ask<?>> group, Throwable cause) {
        for (var ask : group) {
            ask.fail(new StoreUnavailableException("deciding in the database: " + cause.getMessage(), cause));
            listener.unknown(ask.step());
        }
    }

    private void discard() {
        var open = connection;
        connection = null;
        transaction = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.warn("Closing a connection to the database failed", e);
            }
        }
    }

    /** Waits until everything that waits is answered. */
    @Override
    public void close() {
        try {
            thread.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
