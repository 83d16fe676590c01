package dev.quotary.sql;

import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;

/**
 * Something to be written. It shares a transaction with whatever else waits; exactly one of {@link #completed} and {@link #failed} is
 * called in the end, on the writer's thread.
 */
interface Work {
    /** How many rows it counts for against the limits of the queue and of a transaction; 1 or more. */
    int rows();

    /** Writes within the transaction; called once. */
    void write(Tables tables) throws SQLException;

    /** The transaction is durable; called for all of its works, in their order, before the first is {@link #completed}. */
    default void durable() {}

    /** Answers whoever waits. */
    void completed();

    /** Nothing was written, or it is not known. */
    void failed(StoreUnavailableException why);
}
