package dev.quotary.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows as they should be, gathered beside the tables that are being read and put into them at the end, in one transaction with the
 * reading. Gathered in the database, as there may be as many as there are rows.
 */
final class Mendings implements Findings.Mending {
    private static final String HOUR_KEY = "organization, hour, subject, provider, model, feature";
    private static final String SUM_KEY = "organization, counted, window_start, scope_value";
    private static final String HOURS = HOUR_KEY + ", " + String.join(", ", HourlyRollup.SUMS);
    private static final String SUMS = SUM_KEY + ", window_end, used, level_time";

    private static final String ADD_HOUR = "INSERT INTO right_hour (" + HOURS + ") VALUES (?, ?, ?, ?, ?, ?"
            + ", ?".repeat(HourlyRollup.SUMS.size()) + ")";
    private static final String ADD_SURPLUS = "INSERT INTO surplus_hour (" + HOUR_KEY + ") VALUES (?, ?, ?, ?, ?, ?)";
    private static final String ADD_SUM = "INSERT INTO right_sum (" + SUMS + ") VALUES (?, ?, ?, ?, ?, ?, ?)";

    private static final String PUT_HOURS = "INSERT INTO usage_hour (" + HOURS + ") SELECT " + HOURS
            + " FROM right_hour WHERE true ON CONFLICT (" + HOUR_KEY + ") DO UPDATE SET "
            + HourlyRollup.SUMS.stream().map(sum -> sum + " = excluded." + sum).collect(Collectors.joining(", "));
    private static final String DELETE_SURPLUS =
            "DELETE FROM usage_hour WHERE (" + HOUR_KEY + ") IN (SELECT " + HOUR_KEY + " FROM surplus_hour)";
    private static final String PUT_SUMS = "INSERT INTO window_sum (" + SUMS + ") SELECT " + SUMS
            + " FROM right_sum WHERE true ON CONFLICT (" + SUM_KEY
            + ") DO UPDATE SET used = excluded.used, level_time = excluded.level_time";

    private static final String METER_TEXTS = "organization, meter, hour, subject, dimensions";
    private static final String METERS = MeterHour.COLUMNS + ", " + String.join(", ", MeterSum.COLUMNS);
    private static final String VALUES = MeterHour.COLUMNS + ", value_id, value";
    private static final String ADD_METER = "INSERT INTO right_meter (" + METERS + ") VALUES (?, ?, ?, ?, ?, ?"
            + ", ?".repeat(MeterSum.COLUMNS.size()) + ")";
    private static final String ADD_SURPLUS_METER =
            "INSERT INTO surplus_meter (" + MeterHour.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?)";
    private static final String ADD_VALUE = "INSERT INTO right_value (" + VALUES + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String ADD_SURPLUS_VALUE =
            "INSERT INTO surplus_value (" + VALUES + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    /** By what rows say, and not by their keys, which may be what is wrong. */
    private static final List<String> MEND_METERS = List.of(
            delete("meter_hour", METER_TEXTS, "surplus_meter"),
            delete("meter_hour", METER_TEXTS, "right_meter"),
            "INSERT INTO meter_hour (" + METERS + ") SELECT " + METERS + " FROM right_meter",
            delete("meter_value", METER_TEXTS + ", value", "surplus_value"),
            "INSERT INTO meter_value (" + VALUES + ") SELECT " + VALUES + " FROM right_value");

    private static String delete(String table, String texts, String gathered) {
        return "DELETE FROM " + table + " WHERE (" + texts + ") IN (SELECT " + texts + " FROM " + gathered + ")";
    }

    private final Session session;

    Mendings(Session session) throws SQLException {
        this.session = session;
        var hourKey = "organization TEXT, hour BIGINT, subject TEXT, provider TEXT, model TEXT, feature TEXT";
        var hourSums = HourlyRollup.SUMS.stream().map(sum -> sum + " BIGINT").collect(Collectors.joining(", "));
        execute("CREATE TEMPORARY TABLE right_hour (" + hourKey + ", " + hourSums + ")");
        execute("CREATE TEMPORARY TABLE surplus_hour (" + hourKey + ")");
        execute("CREATE TEMPORARY TABLE right_sum (organization TEXT, counted TEXT, window_start BIGINT, "
                + "scope_value TEXT, window_end BIGINT, used BIGINT, level_time BIGINT)");
        var meterKey = "organization TEXT, meter TEXT, hour BIGINT, row_id BYTEA, subject TEXT, dimensions TEXT";
        var meterSums = MeterSum.COLUMNS.stream().map(sum -> sum + " BIGINT").collect(Collectors.joining(", "));
        execute("CREATE TEMPORARY TABLE right_meter (" + meterKey + ", " + meterSums + ")");
        execute("CREATE TEMPORARY TABLE surplus_meter (" + meterKey + ")");
        execute("CREATE TEMPORARY TABLE right_value (" + meterKey + ", value_id BYTEA, value TEXT)");
        execute("CREATE TEMPORARY TABLE surplus_value (" + meterKey + ", value_id BYTEA, value TEXT)");
    }

    @Override
    public void meter(MeterHour row, @Nullable MeterSum expected) throws SQLException {
        if (expected == null) {
            row.into(session.fill(ADD_SURPLUS_METER));
            session.prepared(ADD_SURPLUS_METER).executeUpdate();
        } else {
            expected.into(row.into(session.fill(ADD_METER)));
            session.prepared(ADD_METER).executeUpdate();
        }
    }

    @Override
    public void meterValue(MeterHour.WithValue value, boolean expected) throws SQLException {
        var sql = expected ? ADD_VALUE : ADD_SURPLUS_VALUE;
        value.into(session.fill(sql));
        session.prepared(sql).executeUpdate();
    }

    @Override
    public void hour(HourKey key, long @Nullable [] expected) throws SQLException {
        if (expected == null) {
            key.into(session.fill(ADD_SURPLUS));
            session.prepared(ADD_SURPLUS).executeUpdate();
            return;
        }
        var parameters = key.into(session.fill(ADD_HOUR));
        for (long sum : expected) {
            parameters.number(sum);
        }
        session.prepared(ADD_HOUR).executeUpdate();
    }

    @Override
    public void sum(Findings.SumKey key, Tally expected) throws SQLException {
        session.fill(ADD_SUM)
                .text(key.organization())
                .text(key.counted())
                .number(key.windowStart())
                .text(key.scopeValue())
                .number(key.windowEnd())
                .number(expected.used())
                .numberOrNull(expected.levelTime());
        session.prepared(ADD_SUM).executeUpdate();
    }

    /** Puts what was gathered into the tables; it is for the caller to commit. */
    void apply() throws SQLException {
        execute(PUT_HOURS);
        execute(DELETE_SURPLUS);
        execute(PUT_SUMS);
        for (var sql : MEND_METERS) {
            execute(sql);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = session.connection().createStatement()) {
            statement.execute(sql);
        }
    }
}
