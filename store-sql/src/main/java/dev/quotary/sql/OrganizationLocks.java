package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The number of each organization's newest event, whose row is also the organization's lock. */
final class OrganizationLocks {
    private static final String MOVE_ON = Insert.into("ledger_position")
                    .texts("organization")
                    .numbers("number")
                    .onConflict("(organization) DO UPDATE SET number = ledger_position.number + excluded.number")
                    .ofArrays()
            + " RETURNING organization, number";

    private OrganizationLocks() {}

    /** Waits until nobody else holds the lock of an organization. */
    static void await(Session session, OrganizationKey organization) throws SQLException {
        lock(session, new TreeMap<>(Map.of(organization, 0L)));
    }

    /**
     * Locks organizations until the end of the transaction, and sets numbers aside.
     *
     * @param counts how many numbers, by organization; every process locks in the order of this map
     * @return by organization, the number of the newest event before these
     */
    static Map<OrganizationKey, Long> lock(Session session, SortedMap<OrganizationKey, Long> counts)
            throws SQLException {
        var statement = session.prepared(MOVE_ON);
        statement.setObject(
                1, counts.keySet().stream().map(OrganizationKey::value).toArray(String[]::new));
        statement.setObject(
                2, counts.values().stream().mapToLong(Long::longValue).toArray());
        var before = new HashMap<OrganizationKey, Long>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                var organization = new OrganizationKey(columns.text());
                var count = counts.get(organization);
                if (count == null) {
                    throw new IllegalStateException("locked an organization nobody asked for: " + organization);
                }
                before.put(organization, columns.number() - count);
            }
        }
        return before;
    }
}
