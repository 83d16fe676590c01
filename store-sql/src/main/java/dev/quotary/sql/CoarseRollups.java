package dev.quotary.sql;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Sums of hourly rows: by day, with all that an hourly row tells apart; by month and subject; and by hour of everybody together. They
 * are what the hourly rows before the organization's {@link FoldPlace} make them, at the end of every transaction.
 *
 * <p>Rows are gathered here and written once per row, in the order of the keys. All amounts are added: a row of an hour is added when the
 * place moves past it, and what changes in it afterwards is added with the change.
 */
final class CoarseRollups {
    static final long MICROS_PER_DAY = 24 * HourlyRollup.MICROS_PER_HOUR;

    /**
     * One of the tables.
     *
     * @param time the column that says when a row begins
     * @param dimensions what it tells apart
     * @param of the row that an hourly row is summed up in; what it does not tell apart is empty
     */
    record Table(
            String name,
            String time,
            List<String> dimensions,
            Insert upsert,
            String cost,
            String setCost,
            UnaryOperator<HourKey> of) {
        static Table named(String table, String time, List<String> dimensions, UnaryOperator<HourKey> of) {
            var upsert = Insert.into(table)
                    .texts("organization")
                    .numbers(time)
                    .texts(dimensions.toArray(String[]::new))
                    .numbers(HourlyRollup.SUMS.toArray(String[]::new))
                    .onConflict("(organization, " + time + ", " + String.join(", ", dimensions) + ") DO UPDATE SET "
                            + HourlyRollup.SUMS.stream()
                                    .map(sum -> Saturating.sql(table, sum))
                                    .collect(Collectors.joining(", ")));
            var ofKey = " WHERE organization = ? AND " + time + " = ? AND "
                    + dimensions.stream().map(name -> name + " = ?").collect(Collectors.joining(" AND "));
            return new Table(
                    table,
                    time,
                    dimensions,
                    upsert,
                    "SELECT cost FROM " + table + ofKey,
                    "UPDATE " + table + " SET cost = ?" + ofKey,
                    of);
        }

        /** The begin of the unit of time that an hour is summed up in. */
        long start(long hour) {
            return of.apply(new HourKey("", hour, "", "", "", "")).hour();
        }

        /** The end of a unit. */
        long end(long start) {
            return switch (time) {
                case "month" -> start(start + 31 * MICROS_PER_DAY);
                case "day" -> start + MICROS_PER_DAY;
                default -> start + HourlyRollup.MICROS_PER_HOUR;
            };
        }

        /** The key of a row whose dimensions come next. */
        HourKey read(String organization, long start, Columns columns) throws SQLException {
            return new HourKey(
                    organization,
                    start,
                    next("subject", columns),
                    next("provider", columns),
                    next("model", columns),
                    next("feature", columns));
        }

        private String next(String dimension, Columns columns) throws SQLException {
            return dimensions.contains(dimension) ? columns.text() : "";
        }

        void key(HourKey key, Row into) throws SQLException {
            into.text(key.organization()).number(key.hour());
            for (var dimension : dimensions) {
                into.text(
                        switch (dimension) {
                            case "subject" -> key.subject();
                            case "provider" -> key.provider();
                            case "model" -> key.model();
                            default -> key.feature();
                        });
            }
        }
    }

    static final List<Table> TABLES = List.of(
            Table.named(
                    "usage_day",
                    "day",
                    List.of("subject", "provider", "model", "feature"),
                    row -> row.at(Math.floorDiv(row.hour(), MICROS_PER_DAY) * MICROS_PER_DAY)),
            Table.named(
                    "usage_month",
                    "month",
                    List.of("subject"),
                    row -> new HourKey(row.organization(), month(row.hour()), row.subject(), "", "", "")),
            Table.named(
                    "usage_total",
                    "hour",
                    List.of("provider", "model", "feature"),
                    row -> new HourKey(
                            row.organization(), row.hour(), "", row.provider(), row.model(), row.feature())));

    private final Session session;
    private final Map<Table, Map<HourKey, long[]>> gathered = new LinkedHashMap<>();

    CoarseRollups(Session session) {
        this.session = session;
        for (var table : TABLES) {
            gathered.put(table, new HashMap<>());
        }
    }

    /** When the month of UTC began that an instant is in; both in {@link Micros}. */
    private static long month(long micros) {
        var first = LocalDate.ofInstant(Micros.instant(micros), ZoneOffset.UTC).withDayOfMonth(1);
        return Micros.of(first.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** @param sums in the order of {@link HourlyRollup#SUMS} */
    void add(HourKey row, long[] sums) {
        gathered.forEach((table, rows) -> {
            var known = rows.putIfAbsent(table.of().apply(row), sums.clone());
            if (known != null) {
                for (int i = 0; i < sums.length; i++) {
                    known[i] = Saturating.add(known[i], sums[i]);
                }
            }
        });
    }

    /** Writes what was gathered. */
    void flush() throws SQLException {
        for (var each : gathered.entrySet()) {
            var table = each.getKey();
            var rows = each.getValue();
            var ordered = new ArrayList<>(rows.entrySet());
            ordered.sort(Map.Entry.comparingByKey(HourKey.BY_KEY));
            var written = session.rows(table.upsert());
            for (var row : ordered) {
                table.key(row.getKey(), written);
                for (long sum : row.getValue()) {
                    written.number(sum);
                }
                written.end();
            }
            written.write();
            rows.clear();
        }
    }

    /** Moves the cost of the rows that an hourly row is summed up in. */
    static void correct(Session session, HourKey row, long difference) throws SQLException {
        for (var table : TABLES) {
            var key = table.of().apply(row);
            table.key(key, session.fill(table.cost()));
            try (var found = session.prepared(table.cost()).executeQuery()) {
                if (!found.next()) {
                    throw new IllegalStateException("a sum of " + row + " is gone");
                }
                table.key(key, session.fill(table.setCost()).number(Saturating.move(found.getLong(1), difference)));
            }
            session.prepared(table.setCost()).executeUpdate();
        }
    }

    /** Has everything summed up anew from the hourly rows, after these were changed by hand. */
    static void forget(Session session) throws SQLException {
        try (var statement = session.connection().createStatement()) {
            for (var table : new String[] {"usage_day", "usage_month", "usage_total", "usage_fold"}) {
                statement.execute("DELETE FROM " + table);
            }
        }
    }
}
