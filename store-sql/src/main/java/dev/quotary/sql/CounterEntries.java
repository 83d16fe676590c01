package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Move;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.Reset;
import dev.quotary.limit.CounterKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of what moves counters beside use: resets, and when graces began. */
final class CounterEntries {
    private static final int RESET = 1;
    private static final int GRACE = 2;
    /** What a correction of costs would have taken off beyond 0; below 0, and counted with the resets. */
    private static final int CORRECTED = 3;

    /** What another subject used and counts here since: below 0, and counted with the resets; the actor is that subject. */
    private static final int MOVED = 4;

    private static final String INSERT =
            "INSERT INTO counter_entry (organization, counted, window_start, scope_value, window_end, kind, amount, time, actor) "
                    + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String OF_COUNTER = """
            SELECT kind, time FROM counter_entry
            WHERE organization = ? AND counted = ? AND window_start = ? AND scope_value = ? ORDER BY number""";
    private static final String TAKEN_OFF = """
            SELECT scope_value, amount FROM counter_entry
            WHERE organization = ? AND counted = ? AND window_start = ? AND kind IN (1, 3, 4)""";
    private static final String TAKEN_OFF_ONE = """
            SELECT amount FROM counter_entry
            WHERE organization = ? AND counted = ? AND window_start = ? AND scope_value = ? AND kind IN (1, 3, 4)""";
    private static final String MOVED_FROM = """
            SELECT amount FROM counter_entry
            WHERE organization = ? AND counted = ? AND window_start = ? AND scope_value = ? AND kind = 4 AND actor = ?""";
    private static final String RESETS = """
            SELECT counted, window_start, amount, time, actor FROM counter_entry
            WHERE organization = ? AND scope_value = ? AND kind = 1 ORDER BY number DESC LIMIT ?""";
    private static final String OPEN = """
            SELECT organization, counted, scope_value, window_start, kind, time FROM counter_entry
            WHERE window_end > ? ORDER BY number""";

    /** A counter as storage names it. */
    record Name(String organization, String counted, String scopeValue, long windowStart) {}

    private CounterEntries() {}

    static void reset(Session session, CounterKey counter, long amount, Instant at, String by) throws SQLException {
        fill(session, counter, RESET).number(amount).number(Micros.of(at)).text(by);
        session.prepared(INSERT).executeUpdate();
    }

    static void grace(Session session, CounterKey counter, Instant at) throws SQLException {
        fill(session, counter, GRACE).number(0).number(Micros.of(at)).text(null);
        session.prepared(INSERT).executeUpdate();
    }

    static void corrected(Session session, CounterKey counter, long amount, Instant at) throws SQLException {
        fill(session, counter, CORRECTED).number(amount).number(Micros.of(at)).text(null);
        session.prepared(INSERT).executeUpdate();
    }

    static void moved(Session session, CounterKey counter, long amount, Move move) throws SQLException {
        fill(session, counter, MOVED)
                .number(-amount)
                .number(Micros.of(move.at()))
                .text(move.from().value());
        session.prepared(INSERT).executeUpdate();
    }

    /** What has come to a counter from another subject so far. */
    static long movedFrom(Session session, CounterKey counter, SubjectKey from) throws SQLException {
        WindowSums.fillKey(session.fill(MOVED_FROM), counter).text(from.value());
        long moved = 0;
        try (var rows = session.prepared(MOVED_FROM).executeQuery()) {
            while (rows.next()) {
                moved = Saturating.add(moved, -rows.getLong(1));
            }
        }
        return moved;
    }

    private static Row fill(Session session, CounterKey counter, int kind) throws SQLException {
        return WindowSums.fillKey(session.fill(INSERT), counter)
                .number(Micros.of(counter.countsUntil()))
                .number(kind);
    }

    /** What is known of a counter's grace: when it began, and when the counter was last reset; null for never. */
    record Grace(@Nullable Long since, @Nullable Long resetAt) {
        /** Whether a beginning at an instant is news. */
        boolean begins(long at) {
            return (resetAt == null || at > resetAt) && (since == null || at < since);
        }
    }

    static Grace grace(Session session, CounterKey counter) throws SQLException {
        WindowSums.fillKey(session.fill(OF_COUNTER), counter);
        Long since = null;
        Long resetAt = null;
        try (var rows = session.prepared(OF_COUNTER).executeQuery()) {
            while (rows.next()) {
                long time = rows.getLong(2);
                int kind = rows.getInt(1);
                if (kind == RESET) {
                    since = null;
                    resetAt = time;
                } else if (kind == GRACE) {
                    since = since == null ? time : Math.min(since, time);
                }
            }
        }
        return new Grace(since, resetAt);
    }

    /** What resets took off, and moves put on (below 0), the counters of one counted thing in one window, by scope value. */
    static Map<String, Long> takenOff(Session session, Recount recount) throws SQLException {
        session.fill(TAKEN_OFF)
                .text(recount.organization().value())
                .text(recount.counted().text())
                .number(Micros.of(recount.window().start()));
        var amounts = new HashMap<String, Long>();
        try (var rows = session.prepared(TAKEN_OFF).executeQuery()) {
            while (rows.next()) {
                amounts.merge(rows.getString(1), rows.getLong(2), CounterEntries::both);
            }
        }
        return amounts;
    }

    /** The same of one counter. */
    static long takenOff(Session session, CounterKey counter) throws SQLException {
        WindowSums.fillKey(session.fill(TAKEN_OFF_ONE), counter);
        long amount = 0;
        try (var rows = session.prepared(TAKEN_OFF_ONE).executeQuery()) {
            while (rows.next()) {
                amount = both(amount, rows.getLong(1));
            }
        }
        return amount;
    }

    private static long both(long one, long other) {
        return one >= 0 && other >= 0 ? Saturating.add(one, other) : one + other;
    }

    static List<Reset> resets(Session session, OrganizationKey organization, String scopeValue) throws SQLException {
        session.fill(RESETS).text(organization.value()).text(scopeValue).number(Ledger.RESETS_MAX);
        var resets = new ArrayList<Reset>();
        try (var rows = session.prepared(RESETS).executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                resets.add(new Reset(
                        organization,
                        columns.text(),
                        scopeValue,
                        Micros.instant(columns.number()),
                        columns.number(),
                        Micros.instant(columns.number()),
                        columns.text()));
            }
        }
        return resets;
    }

    /** When the graces began of counters that still count. */
    static Map<Name, Instant> openGraces(Session session, Instant now) throws SQLException {
        session.fill(OPEN).number(Micros.of(now));
        var graces = new HashMap<Name, Instant>();
        try (var rows = session.prepared(OPEN).executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                var name = new Name(columns.text(), columns.text(), columns.text(), columns.number());
                long kind = columns.number();
                if (kind == RESET) {
                    graces.remove(name);
                } else if (kind == GRACE) {
                    graces.merge(
                            name, Micros.instant(columns.number()), (one, other) -> one.isBefore(other) ? one : other);
                }
            }
        }
        return graces;
    }
}
