package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Something to be written. It shares a transaction with whatever else waits; exactly one of {@link #completed} and {@link #failed} is
 * called in the end, on the writer's thread.
 */
interface Work {
    /** How many rows it counts for against the limits of the queue and of a transaction; 1 or more. */
    int rows();

    /**
     * Announces what it may touch, before anything of the transaction is written. Called again, and {@link #write} after it, where the
     * transaction has to be repeated: it starts afresh.
     */
    default void expect(Tables tables) {}

    /** Writes within the transaction. */
    void write(Tables tables) throws SQLException;

    /** An event that is stored exactly if the transaction took effect; empty if this work cannot tell. */
    default Optional<Proof> proof() {
        return Optional.empty();
    }

    /** The transaction is durable; called for all of its works, in their order, before the first is {@link #completed}. */
    default void durable() {}

    /** Answers whoever waits. */
    void completed();

    /** Nothing was written, or it is not known. In the second case {@link #durable} may still follow. */
    void failed(StoreUnavailableException why);

    /** Names an event. */
    record Proof(OrganizationKey organization, EventId id) {}
}
