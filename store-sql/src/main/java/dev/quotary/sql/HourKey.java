package dev.quotary.sql;

import dev.quotary.ledger.Difference;
import java.sql.SQLException;
import java.util.Comparator;

/**
 * Names a row of the hourly rollup.
 *
 * @param hour when it begins, in {@link Micros}
 */
public record HourKey(String organization, long hour, String subject, String provider, String model, String feature) {
    /** As the rows of one organization and hour are read. */
    static final Comparator<HourKey> BY_DIMENSIONS = Comparator.comparing(HourKey::subject, TextOrder.BY_CODE_POINTS)
            .thenComparing(HourKey::provider, TextOrder.BY_CODE_POINTS)
            .thenComparing(HourKey::model, TextOrder.BY_CODE_POINTS)
            .thenComparing(HourKey::feature, TextOrder.BY_CODE_POINTS);

    /** The order in which rows are written: that of the key. */
    static final Comparator<HourKey> BY_KEY = Comparator.comparing(HourKey::organization)
            .thenComparingLong(HourKey::hour)
            .thenComparing(HourKey::subject)
            .thenComparing(HourKey::provider)
            .thenComparing(HourKey::model)
            .thenComparing(HourKey::feature);

    /** The same at another time. */
    HourKey at(long time) {
        return new HourKey(organization, time, subject, provider, model, feature);
    }

    Row into(Row row) throws SQLException {
        return row.text(organization)
                .number(hour)
                .text(subject)
                .text(provider)
                .text(model)
                .text(feature);
    }

    Difference.Hour told() {
        return new Difference.Hour(Micros.instant(hour), subject, provider, model, feature);
    }
}
