package dev.quotary.sql.admission;

import dev.quotary.ledger.Entry;
import dev.quotary.limit.CounterKey;
import dev.quotary.sql.LedgerParticipant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drops the holds of what the ledger records, in the transaction that records it: a process that dies anywhere neither frees a hold whose
 * use is not recorded, nor leaves one beside its use.
 *
 * <p>Locks the organizations whose holds it drops, after the ledger has locked them for itself; deciding takes only the former lock, so
 * that nobody waits in a circle. For one ledger, hence one thread.
 */
public final class HoldSettlement implements LedgerParticipant {
    private final String node;
    private @Nullable Connection known;
    private @Nullable GroupTransaction transaction;

    /** @param node as in {@link PostgresLimiter} */
    public HoldSettlement(String node) {
        this.node = node;
    }

    @Override
    public void write(Connection connection, List<Entry> recorded, Map<CounterKey, Long> recounted)
            throws SQLException {
        var keys = new LinkedHashSet<HoldKey>();
        for (var entry : recorded) {
            var event = entry.event();
            keys.add(new HoldKey(event.call().organization(), event.id().reservation()));
        }
        if (!keys.isEmpty()) {
            on(connection).drop(keys);
        }
    }

    private GroupTransaction on(Connection connection) {
        var open = transaction;
        if (open == null || !connection.equals(known)) {
            open = new GroupTransaction(connection, node);
            transaction = open;
            known = connection;
        }
        return open;
    }
}
