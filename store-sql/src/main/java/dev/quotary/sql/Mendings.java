package dev.quotary.sql;

import java.sql.SQLException;
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

    private final Session session;

    Mendings(Session session) throws SQLException {
        this.session = session;
        var hourKey = "organization TEXT, hour BIGINT, subject TEXT, provider TEXT, model TEXT, feature TEXT";
        var hourSums = HourlyRollup.SUMS.stream().map(sum -> sum + " BIGINT").collect(Collectors.joining(", "));
        execute("CREATE TEMPORARY TABLE right_hour (" + hourKey + ", " + hourSums + ")");
        execute("CREATE TEMPORARY TABLE surplus_hour (" + hourKey + ")");
        execute("CREATE TEMPORARY TABLE right_sum (organization TEXT, counted TEXT, window_start BIGINT, "
                + "scope_value TEXT, window_end BIGINT, used BIGINT, level_time BIGINT)");
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
    }

    private void execute(String sql) throws SQLException {
        try (var statement = session.connection().createStatement()) {
            statement.execute(sql);
        }
    }
}
