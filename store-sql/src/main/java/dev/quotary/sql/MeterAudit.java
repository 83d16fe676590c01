package dev.quotary.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares the hourly sums of declared meters with the events, hour by hour. What an event counts on is a text that SQL cannot take apart,
 * so the sums of an hour are made here, and kept as long as the hour is compared.
 */
final class MeterAudit {
    private static final String NEXT_METER = "SELECT min(meter) FROM meter_hour WHERE organization = ? AND meter > ?";
    private static final String NEXT_HOUR =
            "SELECT min(hour) FROM meter_hour WHERE organization = ? AND meter = ? AND hour >= ?";
    private static final String EVENTS = "SELECT " + MeteredEvent.COLUMNS + " "
            + "FROM usage_event WHERE organization = ? AND time >= ? AND time < ? AND quantities IS NOT NULL "
            + "ORDER BY number";
    private static final String ROWS = "SELECT subject, dimensions, "
            + String.join(", ", MeterSum.COLUMNS)
            + " FROM meter_hour WHERE organization = ? AND meter = ? AND hour = ?";
    private static final String VALUES =
            "SELECT subject, dimensions, value FROM meter_value WHERE organization = ? AND meter = ? AND hour = ?";

    private final Session session;
    private final Findings findings;

    MeterAudit(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
    }

    /** What an hour has, by the events or by the rows. */
    private record Sums(NavigableMap<MeterHour, MeterSum> rows, NavigableSet<MeterHour.WithValue> values) {
        static Sums none() {
            return new Sums(new TreeMap<>(MeterHour.BY_KEY), new TreeSet<>(MeterHour.WithValue.BY_KEY));
        }

        void add(MeterHour row, MeterSum sum) {
            var before = rows.putIfAbsent(row, sum);
            if (before != null) {
                before.add(sum);
            }
        }
    }

    /** The first hour from an instant on that has a row. */
    Optional<Long> next(String organization, long from) throws SQLException {
        Optional<Long> first = Optional.empty();
        for (var meter : meters(organization)) {
            session.fill(NEXT_HOUR).text(organization).text(meter).number(from);
            try (var row = session.prepared(NEXT_HOUR).executeQuery()) {
                var hour = row.next() ? new Columns(row).numberOrNull() : null;
                if (hour != null && (first.isEmpty() || hour < first.get())) {
                    first = Optional.of(hour);
                }
            }
        }
        return first;
    }

    /** Those that have rows: a jump along the keys for each. */
    private List<String> meters(String organization) throws SQLException {
        var meters = new ArrayList<String>();
        var last = "";
        while (true) {
            session.fill(NEXT_METER).text(organization).text(last);
            try (var row = session.prepared(NEXT_METER).executeQuery()) {
                var next = row.next() ? new Columns(row).textOrNull() : null;
                if (next == null) {
                    return meters;
                }
                meters.add(next);
                last = next;
            }
        }
    }

    /** Compares one hour of an organization. */
    void hour(String organization, long hour) throws SQLException {
        var expected = expected(organization, hour);
        var found = found(organization, hour);
        Set<MeterHour> rows = new TreeSet<>(MeterHour.BY_KEY);
        rows.addAll(expected.rows().keySet());
        rows.addAll(found.rows().keySet());
        for (var row : rows) {
            findings.meter(row, expected.rows().get(row), found.rows().get(row));
        }
        for (var value : expected.values()) {
            if (!found.values().contains(value)) {
                findings.meterValue(value, true);
            }
        }
        for (var value : found.values()) {
            if (!expected.values().contains(value)) {
                findings.meterValue(value, false);
            }
        }
    }

    private Sums expected(String organization, long hour) throws SQLException {
        var sums = Sums.none();
        session.fill(EVENTS).text(organization).number(hour).number(hour + HourlyRollup.MICROS_PER_HOUR);
        try (var rows = session.prepared(EVENTS).executeQuery()) {
            while (rows.next()) {
                var read = MeteredEvent.read(new Columns(rows));
                for (var amount : read.amounts().entrySet()) {
                    var row = new MeterHour(
                            organization, amount.getKey().value(), hour, read.subject(), read.rollupDimensions());
                    var sum = MeterSum.of(amount.getValue(), read.levels().contains(amount.getKey()), read.time());
                    sums.add(row, sum);
                    read.value(amount.getKey())
                            .ifPresent(value -> sums.values().add(new MeterHour.WithValue(row, value)));
                }
            }
        }
        return sums;
    }

    private Sums found(String organization, long hour) throws SQLException {
        var sums = Sums.none();
        for (var meter : meters(organization)) {
            session.fill(ROWS).text(organization).text(meter).number(hour);
            try (var rows = session.prepared(ROWS).executeQuery()) {
                while (rows.next()) {
                    var columns = new Columns(rows);
                    var row = new MeterHour(organization, meter, hour, columns.text(), columns.text());
                    sums.add(row, MeterSum.read(columns));
                }
            }
            session.fill(VALUES).text(organization).text(meter).number(hour);
            try (var rows = session.prepared(VALUES).executeQuery()) {
                while (rows.next()) {
                    var columns = new Columns(rows);
                    var row = new MeterHour(organization, meter, hour, columns.text(), columns.text());
                    sums.values().add(new MeterHour.WithValue(row, columns.text()));
                }
            }
        }
        return sums;
    }
}
