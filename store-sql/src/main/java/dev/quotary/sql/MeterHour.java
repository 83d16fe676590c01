package dev.quotary.sql;

import dev.quotary.ledger.Difference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Names a row of the hourly sums of a declared meter.
 *
 * @param hour when it begins, in {@link Micros}
 * @param subject the empty text where the events have none
 * @param dimensions as {@link MeterDimensions}
 */
record MeterHour(String organization, String meter, long hour, String subject, String dimensions) {
    private static final int DIGEST_BYTES = 16;

    /** In the order of {@link #into}. */
    static final String COLUMNS = "organization, meter, hour, row_id, subject, dimensions";

    /** The order in which rows are written. */
    static final Comparator<MeterHour> BY_KEY = Comparator.comparing(MeterHour::organization)
            .thenComparing(MeterHour::meter)
            .thenComparingLong(MeterHour::hour)
            .thenComparing(MeterHour::subject)
            .thenComparing(MeterHour::dimensions);

    /** Fills the key of the row, which is of a bounded size whatever the texts are, and then the texts. */
    Row into(Row row) throws SQLException {
        return row.text(organization)
                .text(meter)
                .number(hour)
                .bytes(digest(subject, dimensions))
                .text(subject)
                .text(dimensions);
    }

    /** The first half of a SHA-256: PostgreSQL's indexes take no long keys, and these texts may be long. */
    static byte[] digest(String first, String second) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            byte[] bytes = first.getBytes(StandardCharsets.UTF_8);
            sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            sha.update(bytes);
            return Arrays.copyOf(sha.digest(second.getBytes(StandardCharsets.UTF_8)), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Difference.MeterHour told() {
        return new Difference.MeterHour(Micros.instant(hour), meter, subject, dimensions);
    }

    /** A value of a meter of aggregation unique that there was in an hour. */
    record WithValue(MeterHour row, String value) {
        Row into(Row into) throws SQLException {
            return row.into(into).bytes(digest("", value)).text(value);
        }

        static final Comparator<WithValue> BY_KEY =
                Comparator.comparing(WithValue::row, MeterHour.BY_KEY).thenComparing(WithValue::value);
    }
}
