package dev.quotary.sql;

import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one server to do what only one may do at a time over a shared database: a row with an end, renewed well before it.
 *
 * <p>A row instead of an advisory lock, which distributed databases do not have, and which is given back where a connection merely breaks.
 * The row's end is by the clock of the database. This server counts from the moment at which it asked, so that it never believes in the
 * lease for longer than the row says; clocks of machines are not compared.
 *
 * <p>While the database does not answer, the lease runs out here, and is taken up again later if nobody else has had it meanwhile. Once
 * somebody else has, it is lost for good, even if that server is gone again: what it did is not known here.
 *
 * <p>A process that stood still for longer than its lease finds it over without having asked the database in vain. That is no outage in
 * which it may help itself: until the database has been asked again, whether another has the lease is {@link State#UNCERTAIN}.
 */
public final class ServerLease implements AutoCloseable {
    /** Whether the lease is held. */
    public enum State {
        HELD,
        /** It could not be renewed in time, as the database does not answer. Nobody else need have it. */
        EXPIRED,
        /** It is over and nobody has asked since, as this process stood still: another server may well have it. */
        UNCERTAIN,
        /** Another server has taken it. */
        LOST
    }

    /** The lease of the server that decides about limits in its own memory. */
    public static final String MEMORY_LIMITER = "memory-limiter";

    private static final Duration TERM = Duration.ofSeconds(15);
    /** The clocks of two machines may run apart by so much within one term. */
    private static final Duration DRIFT = Duration.ofMillis(500);

    private static final int RENEWALS_PER_TERM = 5;
    private static final Logger LOG = LoggerFactory.getLogger(ServerLease.class);

    private final LeaseRow row;
    private final LongSupplier nanoTime;
    /** Two: one renews, which may take as long as the database does, and one feels the pulse. */
    private final ScheduledExecutorService renewals = Executors.newScheduledThreadPool(
            2, task -> Thread.ofPlatform().name("lease-renewal").daemon().unstarted(task));

    private final Pulse pulse;
    private final long number;
    private volatile long heldUntil;
    private volatile boolean lost;
    private volatile boolean failing;
    /** When the database was last asked in vain. */
    private volatile long failedAt;

    private ServerLease(LeaseRow row, LongSupplier nanoTime, long number, long heldUntil) {
        this.row = row;
        this.nanoTime = nanoTime;
        this.pulse = new Pulse(nanoTime);
        this.number = number;
        this.heldUntil = heldUntil;
    }

    /**
     * Takes a lease, and renews it until it is closed.
     *
     * @param name of the lease
     * @param holder names this server; the same after a restart, which then need not wait for its own lease to end
     * @param nanoTime a clock that only goes forward, as {@link System#nanoTime}
     * @throws StoreUnavailableException naming the other server, if it has the lease, or if the database does not answer
     */
    public static ServerLease take(PostgresUrl url, String name, String holder, LongSupplier nanoTime) {
        var row = new LeaseRow(url, name, holder, TERM);
        long asked = nanoTime.getAsLong();
        try {
            var answer = row.take();
            if (answer instanceof LeaseRow.Others others) {
                row.close();
                throw new StoreUnavailableException(
                        "the database " + url + " is in use by another server, " + others.holder()
                                + ", that decides about limits in its own memory (for " + others.seconds()
                                + " s more, unless it goes on)",
                        null);
            }
            var lease = new ServerLease(row, nanoTime, ((LeaseRow.Own) answer).number(), end(asked));
            lease.renewRegularly();
            return lease;
        } catch (SQLException e) {
            row.close();
            throw new StoreUnavailableException("taking the lease of " + url + ": " + SqlErrors.reason(e), e);
        }
    }

    private static long end(long asked) {
        return asked + TERM.minus(DRIFT).toNanos();
    }

    private void renewRegularly() {
        long millis = TERM.toMillis() / RENEWALS_PER_TERM;
        var _ = renewals.scheduleWithFixedDelay(this::renew, millis, millis, TimeUnit.MILLISECONDS);
        long beat = Pulse.EVERY.toMillis();
        var _ = renewals.scheduleWithFixedDelay(pulse::beat, beat, beat, TimeUnit.MILLISECONDS);
    }

    /** Safe for many threads, and fast: it asks nobody. */
    public State state() {
        if (lost) {
            return State.LOST;
        }
        if (nanoTime.getAsLong() - heldUntil < 0) {
            return State.HELD;
        }
        return failing && pulse.movingSince(failedAt) ? State.EXPIRED : State.UNCERTAIN;
    }

    /** Renews the lease now. */
    synchronized void renew() {
        if (lost) {
            return;
        }
        pulse.beat();
        long asked = nanoTime.getAsLong();
        try {
            if (row.take() instanceof LeaseRow.Own(long current) && current == number) {
                heldUntil = end(asked);
                failing = false;
                return;
            }
            lost = true;
            LOG.error(
                    "Another server has taken this one's lease: it admits nothing any more and has to be started again");
        } catch (SQLException e) {
            if (!failing) {
                LOG.atWarn().setCause(e).log("The lease could not be renewed; trying again");
            }
            failedAt = asked;
            failing = true;
        }
    }

    /** Gives the lease back, as far as the database answers. */
    @Override
    public void close() {
        renewals.shutdownNow();
        synchronized (this) {
            lost = true;
            try {
                row.giveBack(number);
            } catch (SQLException e) {
                LOG.atWarn().setCause(e).log("The lease could not be given back; it ends by itself");
            }
            row.close();
        }
    }
}
