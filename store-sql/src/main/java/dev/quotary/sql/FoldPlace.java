package dev.quotary.sql;

import java.sql.SQLException;
import java.util.Optional;

/**
 * How far the hourly rows of an organization are summed up in {@link CoarseRollups}: those before this place are, in the order of their
 * hours and dimensions, and no others.
 *
 * @param next the first row that is not; its hour, in {@link Micros}, and dimensions, which may be those of no row
 */
public record FoldPlace(HourKey next) {
    private static final String SELECT =
            "SELECT hour, subject, provider, model, feature FROM usage_fold WHERE organization = ?";
    private static final String UPSERT = """
            INSERT INTO usage_fold (organization, hour, subject, provider, model, feature) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (organization) DO UPDATE SET hour = excluded.hour, subject = excluded.subject,
                provider = excluded.provider, model = excluded.model, feature = excluded.feature""";

    /** The place of an organization; empty while nothing of it is summed up. */
    public static Optional<FoldPlace> of(Session session, String organization) throws SQLException {
        session.fill(SELECT).text(organization);
        try (var row = session.prepared(SELECT).executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            var columns = new Columns(row);
            return Optional.of(new FoldPlace(new HourKey(
                    organization, columns.number(), columns.text(), columns.text(), columns.text(), columns.text())));
        }
    }

    /** Before every row of an hour. */
    static FoldPlace before(String organization, long hour) {
        return new FoldPlace(new HourKey(organization, hour, "", "", "", ""));
    }

    void store(Session session) throws SQLException {
        next.into(session.fill(UPSERT));
        session.prepared(UPSERT).executeUpdate();
    }

    /** Whether a row is summed up. */
    boolean covers(HourKey row) {
        return row.hour() < next.hour() || (row.hour() == next.hour() && HourKey.BY_DIMENSIONS.compare(row, next) < 0);
    }

    /** The first instant, at a full hour, by which no row is summed up any more; in {@link Micros}. */
    public long end() {
        boolean begun = !(next.subject().isEmpty()
                && next.provider().isEmpty()
                && next.model().isEmpty()
                && next.feature().isEmpty());
        return begun ? next.hour() + HourlyRollup.MICROS_PER_HOUR : next.hour();
    }
}
