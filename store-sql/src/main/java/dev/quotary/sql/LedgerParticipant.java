package dev.quotary.sql;

import dev.quotary.ledger.Entry;
import dev.quotary.limit.CounterKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Takes part in the transactions of a ledger: what it writes becomes durable together with the events, or not at all.
 *
 * <p>Called on the ledger's writing thread, after everything of the transaction was written and before it is committed; once per
 * transaction, and again if that had to be repeated. The ledger's locks on the organizations concerned are held: whoever takes locks of
 * its own here must never wait for the ledger's while it holds them. Not called for a transaction that records and recounts nothing.
 */
public interface LedgerParticipant {
    /** For a ledger that writes alone. */
    LedgerParticipant NONE = (_, _, _) -> {};

    /**
     * @param connection of the transaction; not to be committed, rolled back, closed or set up otherwise
     * @param recorded the entries that were new, in the ledger's order, without postings that do not count
     * @param recounted sums that were counted anew, after the entries
     * @throws SQLException if the transaction has to fail
     */
    void write(Connection connection, List<Entry> recorded, Map<CounterKey, Long> recounted) throws SQLException;
}
