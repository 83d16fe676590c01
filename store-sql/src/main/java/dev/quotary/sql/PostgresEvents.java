package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.UsageEvent;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Events of one transaction, written with one statement, while any number of processes do the same.
 *
 * <p>First every organization concerned is locked, in the order of their keys: by moving on the number of its newest event, which every
 * transaction that appends does. So transactions of one organization follow one another, nobody waits in a circle, numbers are in the
 * order of the commits, and whatever is read of an organization afterwards nobody else can change. Group commit makes up for it: one
 * transaction carries everything that waits.
 *
 * <p>Then all drafts announced are inserted at once, as nearly always they are new and stay; what could not be inserted is read. The
 * works then decide on that, in memory. Only where they took something back are the rows written anew, at the end.
 */
final class PostgresEvents implements Events {
    private static final Insert EVENT = EventInsert.EVENT.numbers("number");
    private static final String STORED = "SELECT " + EventRow.COLUMNS + """
            , e.number FROM unnest(?::text[], ?::bytea[]) AS asked (organization, id)
            JOIN usage_event e ON e.organization = asked.organization AND e.id = asked.id
            LEFT JOIN applied_price p ON p.id = e.price""";
    private static final String DELETE = """
            DELETE FROM usage_event e USING unnest(?::text[], ?::bytea[]) AS asked (organization, id)
            WHERE e.organization = asked.organization AND e.id = asked.id""";

    private record Key(OrganizationKey organization, EventId id) {
        static Key of(Draft draft) {
            var event = draft.entry().event();
            return new Key(event.call().organization(), event.id());
        }
    }

    private final Session session;
    private final AppliedPrices prices;
    private final Map<Key, Draft> expected = new LinkedHashMap<>();
    /** How many numbers each organization may need; 0 where it is only locked. */
    private final SortedMap<OrganizationKey, Long> counts = new TreeMap<>();

    private final Set<AppliedPrice> expectedPrices = new HashSet<>();
    private Map<OrganizationKey, Long> numbersBefore = Map.of();
    private final Map<Key, UsageEvent> stored = new HashMap<>();
    private Map<Key, Draft> written = Map.of();
    private final Map<Key, Draft> inserted = new LinkedHashMap<>();
    private boolean tookBack;

    PostgresEvents(Session session, AppliedPrices prices) {
        this.session = session;
        this.prices = prices;
    }

    @Override
    public void expect(Draft draft) {
        var key = Key.of(draft);
        if (expected.putIfAbsent(key, draft) == null) {
            counts.merge(key.organization(), 1L, Math::addExact);
        }
    }

    @Override
    public void expect(OrganizationKey organization) {
        counts.putIfAbsent(organization, 0L);
    }

    @Override
    public void expect(AppliedPrice price) {
        expectedPrices.add(price);
    }

    @Override
    public void begin() throws SQLException {
        if (counts.isEmpty()) {
            return;
        }
        for (var draft : expected.values()) {
            var price = draft.price();
            if (price != null) {
                expectedPrices.add(price);
            }
        }
        prices.ensure(expectedPrices);
        numbersBefore = OrganizationLocks.lock(session, counts);
        written = expected;
        if (insertAll(expected) < expected.size()) {
            findStored();
        }
    }

    /** Numbers the drafts in their order, and stores those that are new. */
    private int insertAll(Map<Key, Draft> drafts) throws SQLException {
        if (drafts.isEmpty()) {
            return 0;
        }
        var rows = new ArrayRows(session, EVENT);
        var numbers = new HashMap<>(numbersBefore);
        for (var draft : drafts.entrySet()) {
            var price = draft.getValue().price();
            EventInsert.fill(rows, draft.getValue(), price == null ? null : prices.id(price));
            rows.number(numbers.merge(draft.getKey().organization(), 1L, Math::addExact));
            rows.end();
        }
        return rows.writeCounting();
    }

    /** Rows of this transaction have numbers that nobody had before. */
    private void findStored() throws SQLException {
        var ours = new LinkedHashMap<>(expected);
        var statement = session.prepared(STORED);
        fill(expected, STORED);
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                var event = EventRow.read(columns);
                var key = new Key(event.call().organization(), event.id());
                if (columns.number() <= before(key.organization())) {
                    stored.put(key, event);
                    ours.remove(key);
                }
            }
        }
        written = ours;
    }

    private long before(OrganizationKey organization) {
        var number = numbersBefore.get(organization);
        if (number == null) {
            throw new IllegalStateException("the organization " + organization + " was not locked");
        }
        return number;
    }

    private void fill(Map<Key, Draft> drafts, String sql) throws SQLException {
        var organizations = new String[drafts.size()];
        var ids = new byte[drafts.size()][];
        int i = 0;
        for (var key : drafts.keySet()) {
            organizations[i] = key.organization().value();
            ids[i] = Row.bytes(key.id());
            i++;
        }
        session.prepared(sql).setObject(1, organizations);
        session.prepared(sql).setObject(2, ids);
    }

    @Override
    public boolean insert(Draft draft) {
        var key = Key.of(draft);
        if (!expected.containsKey(key)) {
            throw new IllegalStateException("event " + key.id() + " was not announced");
        }
        return !stored.containsKey(key) && inserted.putIfAbsent(key, draft) == null;
    }

    @Override
    public void delete(OrganizationKey organization, EventId id) {
        tookBack = true;
        inserted.remove(new Key(organization, id));
    }

    @Override
    public UsageEvent stored(Draft draft) {
        var key = Key.of(draft);
        var before = stored.get(key);
        if (before != null) {
            return before;
        }
        var now = inserted.get(key);
        if (now == null) {
            throw new IllegalStateException("event " + key.id() + " conflicts with none");
        }
        return now.entry().event();
    }

    @Override
    public void flush() throws SQLException {
        if (!tookBack) {
            return;
        }
        if (!written.isEmpty()) {
            fill(written, DELETE);
            session.prepared(DELETE).executeUpdate();
        }
        if (insertAll(inserted) != inserted.size()) {
            throw new IllegalStateException("somebody else wrote to organizations that are locked");
        }
        written = new LinkedHashMap<>(inserted);
        tookBack = false;
    }
}
