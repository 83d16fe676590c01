package dev.quotary.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Sums of declared meters by hour, subject and dimensions, gathered in memory during a transaction and written once per row before its end.
 * Of meters of aggregation unique the values themselves are kept too, once per row: so that how many different ones there were is exact over
 * any stretch of time.
 */
final class MeterRollup {
    private static final String KEY = "(organization, meter, hour, row_id";
    private static final String NEWER =
            "excluded.latest_time IS NOT NULL AND (meter_hour.latest_time IS NULL OR excluded.latest_time >= meter_hour.latest_time)";
    private static final Insert SUMS = Insert.into("meter_hour")
            .texts("organization", "meter")
            .numbers("hour")
            .bytes("row_id")
            .texts("subject", "dimensions")
            .numbers(MeterSum.COLUMNS.toArray(String[]::new))
            .onConflict(KEY + ") DO UPDATE SET " + Saturating.sql("meter_hour", "events")
                    + ", " + Saturating.sql("meter_hour", "amount")
                    + ", least = CASE WHEN excluded.least < meter_hour.least THEN excluded.least ELSE meter_hour.least END"
                    + ", most = CASE WHEN excluded.most > meter_hour.most THEN excluded.most ELSE meter_hour.most END"
                    + ", latest = CASE WHEN " + NEWER + " THEN excluded.latest ELSE meter_hour.latest END"
                    + ", latest_time = CASE WHEN " + NEWER
                    + " THEN excluded.latest_time ELSE meter_hour.latest_time END");
    private static final Insert VALUES = Insert.into("meter_value")
            .texts("organization", "meter")
            .numbers("hour")
            .bytes("row_id")
            .texts("subject", "dimensions")
            .bytes("value_id")
            .texts("value")
            .onConflict(KEY + ", value_id) DO NOTHING");

    private final Session session;
    private final Map<MeterHour, MeterSum> sums = new HashMap<>();
    private final Set<MeterHour.WithValue> values = new HashSet<>();

    MeterRollup(Session session) {
        this.session = session;
    }

    void add(Draft draft) {
        var event = draft.entry().event();
        var amounts = event.metered().amounts().quantities().others();
        if (amounts.isEmpty()) {
            return;
        }
        var call = event.call();
        var others = call.dimensions().others();
        long hour = Math.floorDiv(draft.time(), HourlyRollup.MICROS_PER_HOUR) * HourlyRollup.MICROS_PER_HOUR;
        var subject = call.subject() == null ? "" : call.subject().value();
        amounts.forEach((meter, amount) -> {
            var row = new MeterHour(call.organization().value(), meter.value(), hour, subject, draft.meterDimensions());
            var sum = MeterSum.of(amount, draft.entry().levels().contains(meter), draft.time());
            var before = sums.putIfAbsent(row, sum);
            if (before != null) {
                before.add(sum);
            }
            var value = others.get(meter.value());
            if (value != null) {
                values.add(new MeterHour.WithValue(row, value));
            }
        });
    }

    /** Writes what was gathered, in the order of the key. */
    void flush() throws SQLException {
        if (sums.isEmpty()) {
            return;
        }
        var ordered = new ArrayList<>(sums.entrySet());
        ordered.sort(Map.Entry.comparingByKey(MeterHour.BY_KEY));
        var written = session.rows(SUMS);
        for (var row : ordered) {
            row.getValue().into(row.getKey().into(written));
            written.end();
        }
        written.write();
        sums.clear();
        flushValues();
    }

    private void flushValues() throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        var ordered = new ArrayList<>(values);
        ordered.sort(MeterHour.WithValue.BY_KEY);
        var written = session.rows(VALUES);
        for (var value : ordered) {
            value.into(written);
            written.end();
        }
        written.write();
        values.clear();
    }
}
