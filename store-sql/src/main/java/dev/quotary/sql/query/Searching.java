package dev.quotary.sql.query;

import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.EventPage;
import dev.quotary.analytics.EventQuery;
import dev.quotary.analytics.EventSearch;
import dev.quotary.call.EventId;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.sql.Columns;
import dev.quotary.sql.Micros;
import dev.quotary.sql.RecordedEvents;
import dev.quotary.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One page of events. Rows are looked at along an index, the newest first, until enough have met the conditions or as many were looked
 * at as may be; then the events found are read as a whole.
 */
final class Searching {
    private static final int ROWS_PER_FETCH = 500;

    private final Session session;
    private final EventQuery query;
    private final Names names;

    Searching(Session session, EventQuery query) {
        this.session = session;
        this.query = query;
        this.names = new Names(session.dialect());
    }

    private record Found(Place place, EventId id) {}

    EventPage page() throws SQLException {
        var found = new ArrayList<Found>();
        var next = Optional.<Place>empty();
        int lookedAt = 0;
        try (var statement = text().prepare(session)) {
            statement.setFetchSize(ROWS_PER_FETCH);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var columns = new Columns(rows);
                    var place = new Place(Micros.instant(columns.number()), columns.number());
                    var id = columns.id();
                    if (columns.flag()) {
                        found.add(new Found(place, id));
                    }
                    lookedAt++;
                    if (found.size() == query.count() || lookedAt == EventSearch.LOOKED_AT_MAX) {
                        next = rows.next() ? Optional.of(place) : Optional.empty();
                        break;
                    }
                }
            }
        }
        return new EventPage(read(found), next);
    }

    private List<Recorded> read(List<Found> found) throws SQLException {
        var events = new ArrayList<Recorded>(found.size());
        for (var each : found) {
            events.add(RecordedEvents.at(each.place(), session, query.organization(), each.id()));
        }
        return events;
    }

    private Text text() {
        var text = new Text().add("SELECT r.time, r.number, r.id, CASE WHEN ").add(met(false));
        text.add(" THEN 1 ELSE 0 END FROM usage_event AS r WHERE r.organization = ")
                .value(query.organization().value());
        text.add(" AND r.time >= ").value(Pieces.start(query.range()));
        text.add(" AND r.time < ").value(Pieces.end(query.range()));
        text.add(" AND ").add(met(true));
        query.before().ifPresent(before -> {
            long time = Micros.of(before.time());
            text.add(" AND r.time <= ").value(time);
            text.add(" AND (r.time < ").value(time);
            text.add(" OR r.number < ").value(before.number()).add(")");
        });
        return text.add(" ORDER BY r.time DESC, r.number DESC LIMIT " + (EventSearch.LOOKED_AT_MAX + 1));
    }

    /** A subject's events have an index of their own; every other condition is looked at row by row. */
    private Text met(boolean bySubject) {
        var text = new Text().add("(1 = 1");
        for (Condition condition : query.conditions()) {
            if ((condition.dimension() == BuiltIn.SUBJECT) == bySubject) {
                text.add(" AND ").add(names.meets(condition, Source.EVENTS));
            }
        }
        return text.add(")");
    }
}
