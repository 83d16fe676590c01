package dev.quotary.sql.admission;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.DeclarationsChangedException;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The limiter of several nodes that share one PostgreSQL.
 *
 * <p>Callers wait for a transaction that they share with everybody who waits on this node. Decisions are durable when they are answered and
 * exact across nodes: {@code used + held} is at most the maximum at every grant. Everything is safe for many threads.
 *
 * <p>Time is what callers say. Nodes should agree about it to a second or so: a hold ends when the first node says that its time is over,
 * and a call is charged to the windows of its own node's time; whatever clocks say, no counter is ever overdrawn.
 */
public final class PostgresLimiter implements Limiter, AutoCloseable {
    private final Waiting deciding;
    private final Waiting looking;
    private final List<GroupDispatcher> dispatchers = new ArrayList<>();

    /** Opens a connection to the database. */
    public interface ConnectionSource {
        Connection open() throws SQLException;
    }

    /** @param node names the holds of this process; no other process ever has the same */
    public PostgresLimiter(ConnectionSource source, String node, PostgresLimiterOptions options) {
        this.deciding = new Waiting("admission", options.deadline());
        this.looking = new Waiting("admission-look", options.deadline());
        var doubts = new Doubts(deciding);
        for (int i = 1; i <= options.dispatchers(); i++) {
            dispatchers.add(new GroupDispatcher(
                    "admission-" + i,
                    deciding,
                    new Sessions(source, node, Sessions.Kind.DECIDING, options),
                    GroupTransaction::decide,
                    doubts));
        }
        dispatchers.add(new GroupDispatcher(
                "admission-look",
                looking,
                new Sessions(source, node, Sessions.Kind.LOOKING, options),
                GroupTransaction::look,
                Doubts.NONE));
        dispatchers.forEach(GroupDispatcher::start);
    }

    @Override
    public boolean immediate() {
        return false;
    }

    @Override
    public Admission reserve(Hold proposal, Instant now) {
        return reserve(proposal, now, Long.MAX_VALUE);
    }

    @Override
    public Admission reserve(Hold proposal, Instant now, long declared) {
        return answer(deciding.submit(new Step.Reserve(proposal, now, declared)));
    }

    @Override
    public Optional<Admission> reserveUnkept(Hold proposal, Instant now) {
        return Optional.empty();
    }

    @Override
    public Admission extend(Hold larger, Instant now) {
        return answer(deciding.submit(new Step.Extend(larger, now)));
    }

    @Override
    public Optional<Hold> release(OrganizationKey organization, ReservationId id, Instant now) {
        return answer(deciding.submit(new Step.Release(new HoldKey(organization, id), now)));
    }

    @Override
    public Optional<Hold> find(OrganizationKey organization, ReservationId id, Instant now) {
        return answer(looking.submit(new Step.Find(new HoldKey(organization, id), now)));
    }

    @Override
    public void settle(OrganizationKey organization, ReservationId id, List<Posting> postings, Instant now) {
        var _ = answer(deciding.submit(Step.Settle.of(organization, id, postings, now)));
    }

    @Override
    public void correct(CounterKey counter, long used) {
        if (used < 0) {
            throw new IllegalArgumentException("expected a use of 0 or more on " + counter + ", was " + used);
        }
        var _ = answer(deciding.submit(new Step.Correct(counter, used)));
    }

    @Override
    public void exceeded(CounterKey counter, @Nullable Instant at) {
        var _ = answer(deciding.submit(new Step.Exceeded(counter, at)));
    }

    @Override
    public Levels levels(OrganizationKey organization, List<CounterKey> counters, Instant now) {
        return answer(looking.submit(new Step.Look(organization, counters, now)));
    }

    /** What it has done, and how much waits. */
    public AdmissionCounts counts() {
        return dispatchers.stream()
                .map(GroupDispatcher::counts)
                .reduce(new AdmissionCounts(0, 0, 0, 0, deciding.size() + looking.size()), AdmissionCounts::plus);
    }

    private static <T> T answer(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw switch (e.getCause()) {
                case StoreUnavailableException away ->
                    new StoreUnavailableException(String.valueOf(away.getMessage()), away);
                case DeclarationsChangedException changed -> changed;
                case null, default -> e;
            };
        }
    }

    /** Answers what waits, then closes. Later calls fail. */
    @Override
    public void close() {
        deciding.refuse();
        looking.refuse();
        dispatchers.forEach(GroupDispatcher::close);
        deciding.close();
        looking.close();
    }
}
