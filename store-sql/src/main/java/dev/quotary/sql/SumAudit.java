package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Recount;
import dev.quotary.limit.Counted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the stored sums of windows with the events (less what was set back by hand), window by window: both sides are read in the order of the scope values and laid
 * beside each other.
 *
 * <p>Compared are all windows that have a stored sum, as those hold sums for everybody who had events in them, and the window of now,
 * whose sums have to be there. Passed over are windows from before the thing was counted without a gap, and windows of another calendar
 * than today's.
 */
final class SumAudit {
    private static final String NEXT_WINDOW = """
            SELECT window_start FROM window_sum WHERE organization = ? AND counted = ? AND window_start > ?
            ORDER BY window_start LIMIT 1""";
    private static final String STORED = """
            SELECT scope_value, used, level_time FROM window_sum WHERE organization = ? AND counted = ? AND window_start = ?
            ORDER BY scope_value""";

    private final Session session;
    private final Coverage coverage;
    private final Findings findings;

    SumAudit(Session session, Coverage coverage, Findings findings) {
        this.session = session;
        this.coverage = coverage;
        this.findings = findings;
    }

    void organization(OrganizationKey organization, Instant now) throws SQLException {
        for (var counted : coverage.counted(organization).stream()
                .sorted(Comparator.comparing(Counted::text))
                .toList()) {
            counted(organization, counted, now);
        }
    }

    private void counted(OrganizationKey organization, Counted counted, Instant now) throws SQLException {
        long since = CountedSince.of(session, organization.value(), counted.text());
        var open = coverage.window(organization, counted, now);
        boolean openStored = false;
        var stored = next(organization, counted, Long.MIN_VALUE);
        while (stored.isPresent()) {
            var start = stored.get();
            var window = coverage.window(organization, counted, start);
            openStored |= window.equals(open);
            if (window.start().equals(start)) {
                window(new Recount(organization, counted, window), since);
            }
            stored = next(organization, counted, Micros.of(start));
        }
        if (!openStored) {
            window(new Recount(organization, counted, open), since);
        }
    }

    private Optional<Instant> next(OrganizationKey organization, Counted counted, long after) throws SQLException {
        session.fill(NEXT_WINDOW)
                .text(organization.value())
                .text(counted.text())
                .number(after);
        try (var row = session.prepared(NEXT_WINDOW).executeQuery()) {
            return row.next() ? Optional.of(Micros.instant(row.getLong(1))) : Optional.empty();
        }
    }

    /** Compares one window of something. */
    void window(Recount group) throws SQLException {
        window(
                group,
                CountedSince.of(
                        session, group.organization().value(), group.counted().text()));
    }

    private void window(Recount group, long since) throws SQLException {
        if (Micros.of(group.window().start()) < since) {
            return;
        }
        session.fill(STORED)
                .text(group.organization().value())
                .text(group.counted().text())
                .number(Micros.of(group.window().start()));
        try (var rows = session.prepared(STORED).executeQuery()) {
            var beside = new Beside(group, rows);
            new RecountQuery(group).each(session, beside::expected);
            beside.rest();
        }
    }

    /** The stored sums of one group, while the expected ones come past in the same order. */
    private final class Beside {
        private final Recount group;
        private final ResultSet rows;
        private final Map<String, Long> takenOff;
        private @Nullable String scopeValue;
        private Tally tally = new Tally(0, null);

        Beside(Recount group, ResultSet rows) throws SQLException {
            this.group = group;
            this.rows = rows;
            this.takenOff = CounterEntries.takenOff(session, group);
            advance();
        }

        private void advance() throws SQLException {
            if (!rows.next()) {
                scopeValue = null;
                return;
            }
            var columns = new Columns(rows);
            scopeValue = columns.text();
            tally = new Tally(columns.number(), columns.numberOrNull());
        }

        void expected(String of, Tally expected) throws SQLException {
            expected.takeOff(takenOff(of));
            while (scopeValue != null && TextOrder.compare(scopeValue, of) < 0) {
                tell(scopeValue, withoutEvents(scopeValue), tally);
                advance();
            }
            if (of.equals(scopeValue)) {
                tell(of, expected, tally);
                advance();
            } else {
                tell(of, expected, null);
            }
        }

        /** Those that have no events; what came to them from others is all they have. */
        void rest() throws SQLException {
            while (scopeValue != null) {
                tell(scopeValue, withoutEvents(scopeValue), tally);
                advance();
            }
            for (var of : List.copyOf(takenOff.keySet())) {
                var moved = withoutEvents(of);
                if (moved != null) {
                    tell(of, moved, null);
                }
            }
        }

        /** Once: what is left over at the end belongs to counters without events and without a stored sum. */
        private long takenOff(String of) {
            var amount = takenOff.remove(of);
            return amount == null ? 0 : amount;
        }

        private @Nullable Tally withoutEvents(String of) {
            var sum = new Tally(0, null);
            sum.takeOff(takenOff(of));
            return sum.used() == 0 ? null : sum;
        }

        private void tell(String of, @Nullable Tally expected, @Nullable Tally found) throws SQLException {
            if (coverage.complete(group.organization(), group.counted(), of)) {
                var key = new Findings.SumKey(
                        group.organization().value(),
                        group.counted().text(),
                        Micros.of(group.window().start()),
                        Micros.of(group.counted().countsUntil(group.window())),
                        of);
                findings.sum(key, expected, found);
            }
        }
    }
}
