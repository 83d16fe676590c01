package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Difference;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Compares what is summed up of the hourly rows with these rows, a unit of time after the other; told are rows that differ alone. */
final class CoarseAudit {
    private static final String NEXT_HOUR =
            "SELECT min(hour) FROM usage_hour WHERE organization = ? AND hour >= ? AND hour <= ?";

    /** Stands for the name of a sum in the forms of {@link #each}. */
    private static final String SUM = "SUM";

    private final Session session;
    private final Findings findings;

    CoarseAudit(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
    }

    void organization(String organization) throws SQLException {
        var place = FoldPlace.of(session, organization);
        if (place.isPresent()) {
            for (var table : CoarseRollups.TABLES) {
                table(organization, table, place.get());
            }
        }
    }

    private void table(String organization, CoarseRollups.Table table, FoldPlace place) throws SQLException {
        var unit = next(organization, table, Long.MIN_VALUE, place);
        while (unit.isPresent()) {
            compare(organization, table, unit.get(), place);
            unit = next(organization, table, table.end(unit.get()), place);
        }
    }

    /** The begin of the first unit from an instant on that has a row, or an hourly row that is to be in one. */
    private Optional<Long> next(String organization, CoarseRollups.Table table, long from, FoldPlace place)
            throws SQLException {
        var next = "SELECT min(" + table.time() + ") FROM " + table.name() + " WHERE organization = ? AND "
                + table.time() + " >= ?";
        session.fill(next).text(organization).number(from);
        var row = first(next);
        session.fill(NEXT_HOUR)
                .text(organization)
                .number(from)
                .number(place.next().hour());
        var hour = first(NEXT_HOUR).map(table::start);
        return row.isPresent() && hour.isPresent() ? Optional.of(Math.min(row.get(), hour.get())) : row.or(() -> hour);
    }

    private Optional<Long> first(String sql) throws SQLException {
        try (var row = session.prepared(sql).executeQuery()) {
            return row.next() ? Optional.ofNullable(new Columns(row).numberOrNull()) : Optional.empty();
        }
    }

    private static String comparison(CoarseRollups.Table table) {
        var dimensions = String.join(", ", table.dimensions());
        var sums = HourlyRollup.SUMS;
        return "SELECT " + dimensions
                + each(sums, ", sum(SUM), sum(right_SUM)")
                + " FROM (SELECT " + dimensions + each(sums, ", SUM") + each(sums, ", 0 AS right_SUM")
                + " FROM " + table.name() + " WHERE organization = ? AND " + table.time() + " = ?"
                + " UNION ALL SELECT " + dimensions + each(sums, ", 0") + each(sums, ", sum(SUM)")
                + " FROM usage_hour WHERE organization = ? AND hour >= ? AND hour < ?"
                + " AND (hour, subject, provider, model, feature) < (?, ?, ?, ?, ?) GROUP BY " + dimensions
                + ") AS sides GROUP BY " + dimensions
                + " HAVING " + each(sums, " OR sum(SUM) <> sum(right_SUM)").substring(" OR ".length());
    }

    private static String each(List<String> sums, String form) {
        return sums.stream().map(sum -> form.replace(SUM, sum)).collect(Collectors.joining());
    }

    private void compare(String organization, CoarseRollups.Table table, long start, FoldPlace place)
            throws SQLException {
        var sql = comparison(table);
        var next = place.next();
        session.fill(sql)
                .text(organization)
                .number(start)
                .text(organization)
                .number(start)
                .number(table.end(start))
                .number(next.hour())
                .text(next.subject())
                .text(next.provider())
                .text(next.model())
                .text(next.feature());
        try (var rows = session.prepared(sql).executeQuery()) {
            while (rows.next()) {
                tell(organization, table, start, new Columns(rows));
            }
        }
    }

    private void tell(String organization, CoarseRollups.Table table, long start, Columns columns) throws SQLException {
        var key = table.read(organization, start, columns);
        for (var sum : HourlyRollup.SUMS) {
            long found = columns.number();
            long expected = columns.number();
            if (found != expected) {
                findings.coarse(new Difference.OfRollup(
                        new OrganizationKey(organization), key.told(), table.name() + "." + sum, expected, found));
            }
        }
    }
}
