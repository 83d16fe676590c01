package dev.quotary.sql;

import dev.quotary.ledger.Recount;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Posting;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sums of limits' windows, gathered in memory during a transaction and written once per counter before its end.
 *
 * <p>Most counters are only added to, so that the sum stored need not be read: the upsert adds. A counter that a level is set on is
 * read when that first happens, and written as a whole.
 */
final class WindowSums {
    private static final Insert SUM = Insert.into("window_sum")
            .texts("organization", "counted")
            .numbers("window_start")
            .texts("scope_value")
            .numbers("window_end", "used", "level_time");
    private static final String KNOWN = "(organization, counted, window_start, scope_value) DO UPDATE SET ";

    // Until when it counts never changes: to set it nevertheless would rewrite its index with every sum.
    private static final Insert ADD = SUM.onConflict(KNOWN + Saturating.sql("window_sum", "used"));
    private static final Insert PUT = SUM.onConflict(KNOWN + "used = excluded.used, level_time = excluded.level_time");
    private static final String SELECT = """
            SELECT used, level_time FROM window_sum
            WHERE organization = ? AND counted = ? AND window_start = ? AND scope_value = ?""";
    private static final String SELECT_SCOPE_VALUES = """
            SELECT scope_value FROM window_sum WHERE organization = ? AND counted = ? AND window_start = ?""";
    private static final Comparator<CounterKey> KEY_ORDER = Comparator.comparing(CounterKey::organization)
            .thenComparing(CounterKey::text)
            .thenComparing(counter -> counter.window().start())
            .thenComparing(CounterKey::scopeValue);

    private final Session session;
    private final Map<CounterKey, Tally> added = new HashMap<>();
    private final Map<CounterKey, Tally> whole = new HashMap<>();

    WindowSums(Session session) {
        this.session = session;
    }

    /**
     * Applies what an event posts.
     *
     * @param time of the event, in {@link Micros}
     * @return the postings that do not count: levels older than one that is known
     */
    List<Posting> apply(List<Posting> postings, long time) throws SQLException {
        List<Posting> stale = List.of();
        for (var posting : postings) {
            if (!posting.level()) {
                tally(posting.counter()).add(posting.amount());
            } else if (!wholeTally(posting.counter()).set(posting.amount(), time)) {
                stale = stale.isEmpty() ? new ArrayList<>() : stale;
                stale.add(posting);
            }
        }
        return stale;
    }

    private Tally tally(CounterKey counter) {
        var known = whole.get(counter);
        return known == null ? added.computeIfAbsent(counter, _ -> new Tally(0, null)) : known;
    }

    private Tally wholeTally(CounterKey counter) throws SQLException {
        var known = whole.get(counter);
        if (known != null) {
            return known;
        }
        var stored = read(session, counter);
        var before = added.remove(counter);
        if (before != null) {
            stored.add(before.used());
        }
        whole.put(counter, stored);
        return stored;
    }

    /** Replaces what is known of a counter. */
    void put(CounterKey counter, Tally tally) {
        added.remove(counter);
        whole.put(counter, tally);
    }

    /** Writes what was gathered, in the order of the key. */
    void flush() throws SQLException {
        write(ADD, added);
        write(PUT, whole);
    }

    private void write(Insert insert, Map<CounterKey, Tally> tallies) throws SQLException {
        var ordered = new ArrayList<>(tallies.entrySet());
        ordered.sort(Map.Entry.comparingByKey(KEY_ORDER));
        var rows = session.rows(insert);
        for (var entry : ordered) {
            var counter = entry.getKey();
            var tally = entry.getValue();
            fillKey(rows, counter)
                    .number(Micros.of(counter.countsUntil()))
                    .number(tally.used())
                    .numberOrNull(tally.levelTime());
            rows.end();
        }
        rows.write();
        tallies.clear();
    }

    /** The stored sum of a counter; 0 if there is none. */
    static Tally read(Session session, CounterKey counter) throws SQLException {
        fillKey(session.fill(SELECT), counter);
        try (var row = session.prepared(SELECT).executeQuery()) {
            if (!row.next()) {
                return new Tally(0, null);
            }
            var columns = new Columns(row);
            return new Tally(columns.number(), columns.numberOrNull());
        }
    }

    /** Whose sums of one counted thing and window are stored. */
    static List<String> scopeValues(Recount recount, Session session) throws SQLException {
        session.fill(SELECT_SCOPE_VALUES)
                .text(recount.organization().value())
                .text(recount.counted().text())
                .number(Micros.of(recount.window().start()));
        var scopeValues = new ArrayList<String>();
        try (var rows = session.prepared(SELECT_SCOPE_VALUES).executeQuery()) {
            while (rows.next()) {
                scopeValues.add(new Columns(rows).text());
            }
        }
        return scopeValues;
    }

    static Row fillKey(Row row, CounterKey counter) throws SQLException {
        return row.text(counter.organization().value())
                .text(counter.text())
                .number(Micros.of(counter.window().start()))
                .text(counter.scopeValue());
    }
}
