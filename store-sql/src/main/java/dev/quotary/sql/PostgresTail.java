package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Tail;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ledger's order on PostgreSQL. An organization's numbers are given under its lock, which is held until the transaction ends: whoever
 * sees a number sees all before it.
 */
public final class PostgresTail implements Tail {
    private static final String NEWEST = "SELECT number FROM ledger_position WHERE organization = ?";
    private static final String ALL = "SELECT organization, number FROM ledger_position";
    private static final String AFTER = "SELECT " + EventRow.COLUMNS + """
            , e.number
            FROM usage_event e LEFT JOIN applied_price p ON p.id = e.price
            WHERE e.organization = ? AND e.number > ? ORDER BY e.number LIMIT ?""";

    private final SqlAccess database;

    public PostgresTail(PostgresDatabase database) {
        this.database = database.access();
    }

    @Override
    public long newest(OrganizationKey organization) {
        return database.readers().run(session -> {
            session.fill(NEWEST).text(organization.value());
            try (var row = session.prepared(NEWEST).executeQuery()) {
                return row.next() ? row.getLong(1) : 0L;
            }
        });
    }

    @Override
    public Map<OrganizationKey, Long> newest() {
        return database.readers().run(session -> {
            var numbers = new HashMap<OrganizationKey, Long>();
            session.stream(ALL, columns -> numbers.put(new OrganizationKey(columns.text()), columns.number()));
            return numbers;
        });
    }

    @Override
    public List<Numbered> after(OrganizationKey organization, long number, int count) {
        return database.readers().run(session -> {
            session.fill(AFTER).text(organization.value()).number(number).number(count);
            var found = new ArrayList<Numbered>();
            try (var rows = session.prepared(AFTER).executeQuery()) {
                while (rows.next()) {
                    var columns = new Columns(rows);
                    var event = EventRow.read(columns);
                    found.add(new Numbered(columns.number(), event));
                }
            }
            return found;
        });
    }
}
