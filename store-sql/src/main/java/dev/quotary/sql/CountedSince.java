package dev.quotary.sql;

import dev.quotary.ledger.Recount;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;

/** Since which window each thing has been counted without a gap: see the table of that name. */
final class CountedSince {
    private static final String UPSERT = """
            INSERT INTO counted_since (organization, counted, window_start) VALUES (?, ?, ?)
            ON CONFLICT (organization, counted) DO UPDATE SET window_start = excluded.window_start""";
    private static final String SELECT =
            "SELECT window_start FROM counted_since WHERE organization = ? AND counted = ?";

    private record Thing(String organization, String counted) {}

    private CountedSince() {}

    /** Everything that happened in these windows is in their sums now, and what happens from now on will be. */
    static void put(Session session, List<Recount> recounts) throws SQLException {
        var first = new HashMap<Thing, Long>();
        for (var recount : recounts) {
            var thing =
                    new Thing(recount.organization().value(), recount.counted().text());
            first.merge(thing, Micros.of(recount.window().start()), Math::min);
        }
        for (var entry : first.entrySet()) {
            session.fill(UPSERT)
                    .text(entry.getKey().organization())
                    .text(entry.getKey().counted())
                    .number(entry.getValue());
            session.prepared(UPSERT).executeUpdate();
        }
    }

    /** The start of the first window whose sums are complete, in {@link Micros}. */
    static long of(Session session, String organization, String counted) throws SQLException {
        session.fill(SELECT).text(organization).text(counted);
        try (var row = session.prepared(SELECT).executeQuery()) {
            return row.next() ? row.getLong(1) : Long.MIN_VALUE;
        }
    }
}
