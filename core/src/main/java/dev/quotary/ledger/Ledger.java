package dev.quotary.ledger;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.CounterKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Port: the durable store of usage events. Safe for concurrent use; no method blocks its caller.
 *
 * <p>Answers come as stages because many callers share one transaction and one fsync (group commit), and a waiting event loop must
 * go on working. A stage fails with {@link dev.quotary.limit.StoreUnavailableException} if it is unknown whether the step took
 * effect; repeating it with the same ids is safe. Stages complete on a thread of the ledger: do not block there.
 */
public interface Ledger extends AutoCloseable {
    /**
     * Appends a batch, all of it or nothing, exactly once by event id.
     *
     * <p>The answer comes after the events and their postings are durable. An event whose id is recorded already with the same
     * fingerprint changes nothing and answers {@link Appended.Duplicate}; with another one, nothing of the batch is recorded and
     * that entry answers {@link Appended.Mismatch}.
     *
     * @param entries 1 to {@link #BATCH_MAX}
     * @return one answer per entry, in their order
     */
    CompletionStage<List<Appended>> append(List<Entry> entries);

    /** An event of an organization; empty if it has none of that id. */
    CompletionStage<Optional<UsageEvent>> find(OrganizationKey organization, EventId id);

    /**
     * Sums counters up anew from the events themselves, less what {@link #reset} took off, stores the sums, and tells the
     * {@link Follower} each of them.
     *
     * <p>What is told takes its place in the ledger's order: events recorded before are in it, events recorded afterwards are told on
     * their own. Repeating is harmless.
     *
     * @param counters what to sum up, in windows that still count
     */
    CompletionStage<Void> recount(List<Recount> counters);

    /**
     * Sets counters back to 0, all or none, and ends their grace. Appends one {@link Reset} for each that was above 0, and tells the
     * {@link Follower} of every counter, in the ledger's order. Repeating is harmless.
     *
     * @param counters of one organization
     * @param by who does it
     * @return what was taken off, in the order of the counters
     */
    CompletionStage<List<Reset>> reset(List<CounterKey> counters, Instant at, String by);

    /** The last resets of one scope value of an organization, newest first, at most {@link #RESETS_MAX}. */
    CompletionStage<List<Reset>> resets(OrganizationKey organization, String scopeValue);

    /**
     * Notes when the grace of a counter began. The earliest instant stands; one that is not after the last {@link #reset} of that
     * counter is not noted. Repeating is harmless.
     */
    CompletionStage<Void> exceeded(CounterKey counter, Instant at);

    /**
     * Hands every sum that still counts at {@code now} ({@link CounterKey#countsUntil}) to {@code each}; for the start. Blocks until
     * done.
     */
    void openSums(Instant now, Consumer<CounterSum> each);

    /** The stored sum of one counter, of any window, ended or not. */
    CompletionStage<Long> sum(CounterKey counter);

    /** Whether anything was ever recorded for an organization; also true where that cannot be told. */
    default CompletionStage<Boolean> used(OrganizationKey organization) {
        return CompletableFuture.completedFuture(true);
    }

    /** Most entries of one batch. */
    int BATCH_MAX = 10_000;

    int RESETS_MAX = 1_000;

    /** Finishes what was appended, then closes. Later calls fail. */
    @Override
    void close();
}
