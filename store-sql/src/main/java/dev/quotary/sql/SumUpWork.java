package dev.quotary.sql;

import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sums up the next hourly rows of an organization: so many that nobody who records waits for long. Rows and place move in one
 * transaction, so that each row is added once, whoever else sums up and whatever dies.
 */
final class SumUpWork implements Work {
    /** Rows of a step; a hundredth of a second's work or two. */
    static final int ROWS_MAX = 1_000;

    private static final String ROWS = "SELECT hour, subject, provider, model, feature, "
            + String.join(", ", HourlyRollup.SUMS)
            + " FROM usage_hour WHERE organization = ? AND hour >= ? AND hour < ?"
            + " AND (hour, subject, provider, model, feature) >= (?, ?, ?, ?, ?)"
            + " ORDER BY hour, subject, provider, model, feature LIMIT " + (ROWS_MAX + 1);

    private final OrganizationKey organization;
    private final long until;
    private final CompletableFuture<Boolean> answer = new CompletableFuture<>();
    private boolean more;

    /** @param until the first hour that is left, in {@link Micros} */
    SumUpWork(OrganizationKey organization, long until) {
        this.organization = organization;
        this.until = until;
    }

    /** Whether rows are left. */
    CompletableFuture<Boolean> answer() {
        return answer;
    }

    @Override
    public int rows() {
        return ROWS_MAX;
    }

    @Override
    public void expect(Tables tables) {
        tables.events().expect(organization);
    }

    @Override
    public void write(Tables tables) throws SQLException {
        tables.flush();
        var session = tables.session();
        var place = FoldPlace.of(session, organization.value())
                .orElseGet(() -> FoldPlace.before(organization.value(), Long.MIN_VALUE));
        more = false;
        if (place.next().hour() >= until) {
            return;
        }
        var sums = new CoarseRollups(session);
        var keys = new ArrayList<HourKey>();
        fill(session, place.next());
        try (var rows = session.prepared(ROWS).executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                var key = new HourKey(
                        organization.value(),
                        columns.number(),
                        columns.text(),
                        columns.text(),
                        columns.text(),
                        columns.text());
                keys.add(key);
                if (keys.size() <= ROWS_MAX) {
                    sums.add(key, sums(columns));
                }
            }
        }
        sums.flush();
        more = keys.size() > ROWS_MAX;
        (more ? new FoldPlace(keys.getLast()) : FoldPlace.before(organization.value(), until)).store(session);
    }

    private void fill(Session session, HourKey next) throws SQLException {
        session.fill(ROWS)
                .text(organization.value())
                .number(next.hour())
                .number(until)
                .number(next.hour())
                .text(next.subject())
                .text(next.provider())
                .text(next.model())
                .text(next.feature());
    }

    private static long[] sums(Columns columns) throws SQLException {
        long[] sums = new long[HourlyRollup.SUMS.size()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = columns.number();
        }
        return sums;
    }

    @Override
    public void completed() {
        answer.complete(more);
    }

    @Override
    public void failed(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }

    /** Every organization that has hourly rows, in their order: a jump along the keys, as there may be far more rows. */
    static List<OrganizationKey> organizations(Session session) throws SQLException {
        var sql = "SELECT min(organization) FROM usage_hour WHERE organization > ?";
        var found = new ArrayList<OrganizationKey>();
        for (var next = ""; next != null; ) {
            session.fill(sql).text(next);
            try (var row = session.prepared(sql).executeQuery()) {
                next = row.next() ? new Columns(row).textOrNull() : null;
            }
            if (next != null) {
                found.add(new OrganizationKey(next));
            }
        }
        return found;
    }
}
