package dev.quotary.sql;

import dev.quotary.analytics.ReportedEvents;
import dev.quotary.ledger.UsageEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Shows what was reported as CloudEvents, on SQLite or PostgreSQL. */
public final class SqlReportedEvents implements ReportedEvents {
    private static final String NEWEST = "SELECT " + EventRow.COLUMNS + " FROM (SELECT * FROM usage_event"
            + " WHERE organization = ? AND time >= ? AND time < ?";
    private static final String OF_SUBJECT = " AND subject = ?";
    /** Numbers name the order; those that are asked for stand outside, or one filter could look at everything there is. */
    private static final String ORDERED = " ORDER BY time DESC, number DESC LIMIT " + LOOKED_AT_MAX + ") AS e"
            + " LEFT JOIN applied_price p ON p.id = e.price WHERE e.source IS NOT NULL";

    private static final String OF_NAME = " AND e.name = ?";
    private static final String RECEIVED = " AND e.received >= ? AND e.received < ?";
    private static final String FIRST = " ORDER BY e.time DESC, e.number DESC LIMIT ?";

    private final Snapshots snapshots;

    public SqlReportedEvents(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public CompletionStage<List<UsageEvent>> newest(Query query) {
        return snapshots.read(session -> read(session, query));
    }

    private static List<UsageEvent> read(Session session, Query query) throws SQLException {
        var sql = NEWEST
                + (query.subject().isPresent() ? OF_SUBJECT : "")
                + ORDERED
                + (query.name().isPresent() ? OF_NAME : "")
                + (query.received().isPresent() ? RECEIVED : "")
                + FIRST;
        var filled = session.fill(sql)
                .text(query.organization().value())
                .number(Micros.of(query.range().from()))
                .number(Micros.of(query.range().until()));
        if (query.subject().isPresent()) {
            filled.text(query.subject().get().value());
        }
        if (query.name().isPresent()) {
            filled.text(query.name().get());
        }
        if (query.received().isPresent()) {
            filled.number(Micros.of(query.received().get().from()))
                    .number(Micros.of(query.received().get().until()));
        }
        filled.number(query.count());
        var events = new ArrayList<UsageEvent>();
        try (var rows = session.prepared(sql).executeQuery()) {
            while (rows.next()) {
                events.add(EventRow.read(new Columns(rows)));
            }
        }
        return events;
    }
}
