package dev.quotary.sql;

import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the hourly rollup with the events, hour by hour: both sides are read in the order of the dimensions and laid beside each
 * other, so that no more than a row of each is held. Hours in which there is nothing cost nothing. The sums of declared meters are
 * compared with it: {@link MeterAudit}.
 */
final class HourAudit {
    private static final String NEXT_EVENT = "SELECT min(time) FROM usage_event WHERE organization = ? AND time >= ?";
    private static final String NEXT_ROW = "SELECT min(hour) FROM usage_hour WHERE organization = ? AND hour >= ?";
    private static final String EVENTS = "SELECT coalesce(subject, ''), coalesce(provider, ''), coalesce(model, ''), "
            + "coalesce(feature, ''), "
            + HourlyRollup.SUMS.stream().map(HourAudit::sum).collect(Collectors.joining(", "))
            + " FROM usage_event WHERE organization = ? AND time >= ? AND time < ? "
            + "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";
    private static final String ROWS = "SELECT subject, provider, model, feature, "
            + String.join(", ", HourlyRollup.SUMS)
            + " FROM usage_hour WHERE organization = ? AND hour = ? ORDER BY subject, provider, model, feature";

    private final Session session;
    private final Findings findings;
    private final MeterAudit meters;

    HourAudit(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
        this.meters = new MeterAudit(session, findings);
    }

    /** A row as one of the two sides has it. */
    private static final class Row {
        final HourKey key;
        final long[] sums;

        Row(HourKey key, long[] sums) {
            this.key = key;
            this.sums = sums;
        }
    }

    private static String sum(String column) {
        return Saturating.sumSql(
                switch (column) {
                    case "events" -> "1";
                    case "errors" -> "CASE outcome WHEN 1 THEN 1 ELSE 0 END";
                    case "cost" -> "coalesce(corrected_cost, cost)";
                    default -> column;
                });
    }

    /** Compares all hours of an organization. */
    void organization(String organization) throws SQLException {
        var hour = next(organization, Long.MIN_VALUE);
        while (hour.isPresent()) {
            hour(organization, hour.get());
            hour = next(organization, hour.get() + HourlyRollup.MICROS_PER_HOUR);
        }
    }

    /** The first hour from an instant on that has events or a row. */
    private Optional<Long> next(String organization, long from) throws SQLException {
        var event = first(NEXT_EVENT, organization, from)
                .map(time -> Math.floorDiv(time, HourlyRollup.MICROS_PER_HOUR) * HourlyRollup.MICROS_PER_HOUR);
        var row = earlier(first(NEXT_ROW, organization, from), meters.next(organization, from));
        return earlier(event, row);
    }

    private static Optional<Long> earlier(Optional<Long> one, Optional<Long> other) {
        return one.isPresent() && other.isPresent()
                ? Optional.of(Math.min(one.get(), other.get()))
                : one.or(() -> other);
    }

    private Optional<Long> first(String sql, String organization, long from) throws SQLException {
        session.fill(sql).text(organization).number(from);
        try (var row = session.prepared(sql).executeQuery()) {
            return row.next() ? Optional.ofNullable(new Columns(row).numberOrNull()) : Optional.empty();
        }
    }

    /** Compares one hour of an organization. */
    void hour(String organization, long hour) throws SQLException {
        meters.hour(organization, hour);
        session.fill(EVENTS).text(organization).number(hour).number(hour + HourlyRollup.MICROS_PER_HOUR);
        session.fill(ROWS).text(organization).number(hour);
        try (var events = session.prepared(EVENTS).executeQuery();
                var rows = session.prepared(ROWS).executeQuery()) {
            var expected = events.next() ? summed(organization, hour, new Columns(events)) : null;
            var found = rows.next() ? stored(organization, hour, new Columns(rows)) : null;
            while (expected != null || found != null) {
                int order = order(expected, found);
                lay(order <= 0 ? expected : null, order >= 0 ? found : null);
                if (order <= 0) {
                    expected = events.next() ? summed(organization, hour, new Columns(events)) : null;
                }
                if (order >= 0) {
                    found = rows.next() ? stored(organization, hour, new Columns(rows)) : null;
                }
            }
        }
    }

    /** Below 0: the expected row is missing; above 0: the one found is too many. */
    private static int order(@Nullable Row expected, @Nullable Row found) {
        if (expected == null) {
            return 1;
        }
        return found == null ? -1 : HourKey.BY_DIMENSIONS.compare(expected.key, found.key);
    }

    private void lay(@Nullable Row expected, @Nullable Row found) throws SQLException {
        if (expected != null) {
            findings.hour(expected.key, expected.sums, found == null ? null : found.sums);
        } else if (found != null) {
            findings.hour(found.key, null, found.sums);
        }
    }

    private static Row summed(String organization, long hour, Columns columns) throws SQLException {
        var key = key(organization, hour, columns);
        long[] sums = new long[HourlyRollup.SUMS.size()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Saturating.sum(columns.number(), columns.number());
        }
        return new Row(key, sums);
    }

    private static Row stored(String organization, long hour, Columns columns) throws SQLException {
        var key = key(organization, hour, columns);
        long[] sums = new long[HourlyRollup.SUMS.size()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = columns.number();
        }
        return new Row(key, sums);
    }

    private static HourKey key(String organization, long hour, Columns columns) throws SQLException {
        return new HourKey(organization, hour, columns.text(), columns.text(), columns.text(), columns.text());
    }
}
