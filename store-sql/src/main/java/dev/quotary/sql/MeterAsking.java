package dev.quotary.sql;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.MeterQuestion;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.meter.Aggregation;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One question about a declared meter, answered in one session that sees one moment.
 *
 * <p>Hours that are whole within the range come from the hourly sums; what the range has of an hour before and after them comes from the
 * events. Where a bucket does not begin with an hour, everything comes from the events.
 */
final class MeterAsking {
    private static final String OF_METER = " WHERE organization = ? AND meter = ? AND hour >= ? AND hour < ?";
    private static final String OF_SUBJECT = " AND subject = ?";
    private static final String SUMS =
            "SELECT hour, subject, dimensions, " + String.join(", ", MeterSum.COLUMNS) + " FROM meter_hour" + OF_METER;
    private static final String VALUES = "SELECT hour, subject, dimensions, value FROM meter_value" + OF_METER;
    private static final String EVENTS = "SELECT " + MeteredEvent.COLUMNS
            + " FROM usage_event WHERE organization = ? AND time >= ? AND time < ? AND quantities IS NOT NULL";
    private static final String IN_ORDER = " ORDER BY time, number LIMIT " + (UsageQueries.EVENTS_MAX + 1);

    private final Session session;
    private final MeterQuestion question;
    private final boolean unique;
    /** Of the one subject that is asked about, if it is one. */
    private final Optional<String> subject;

    private final MeterCells cells;
    private final Map<String, Map<String, String>> parsed = new HashMap<>();
    private int events;

    MeterAsking(Session session, MeterQuestion question) {
        this.session = session;
        this.question = question;
        this.unique = question.aggregation() == Aggregation.UNIQUE;
        this.subject = question.conditions().stream()
                .filter(condition -> condition.dimension() == BuiltIn.SUBJECT)
                .map(Condition::patterns)
                .filter(patterns -> patterns.size() == 1)
                .map(List::getFirst)
                .filter(pattern -> !pattern.isEmpty() && !pattern.endsWith("*"))
                .findFirst();
        this.cells = new MeterCells(question);
    }

    Answer answer() throws SQLException {
        long from = Micros.of(question.range().from());
        long until = Micros.of(question.range().until());
        long firstHour = Math.ceilDiv(from, HourlyRollup.MICROS_PER_HOUR) * HourlyRollup.MICROS_PER_HOUR;
        long lastHour = Math.floorDiv(until, HourlyRollup.MICROS_PER_HOUR) * HourlyRollup.MICROS_PER_HOUR;
        if (question.needsEvents() || firstHour >= lastHour || !wholeHours()) {
            events(from, until);
        } else {
            events(from, firstHour);
            hours(firstHour, lastHour);
            events(lastHour, until);
        }
        return events > UsageQueries.EVENTS_MAX || cells.tooMany()
                ? new Answer.TooManyEvents(UsageQueries.EVENTS_MAX)
                : cells.told();
    }

    /** Whether every bucket but the first begins with an hour of UTC. */
    private boolean wholeHours() {
        return cells.buckets().stream()
                .skip(1)
                .map(Range::from)
                .allMatch(start -> Micros.of(start) % HourlyRollup.MICROS_PER_HOUR == 0);
    }

    private void hours(long from, long until) throws SQLException {
        var sql = (unique ? VALUES : SUMS) + (subject.isPresent() ? OF_SUBJECT : "");
        var filled = session.fill(sql)
                .text(question.organization().value())
                .text(question.meter().value())
                .number(from)
                .number(until);
        if (subject.isPresent()) {
            filled.text(subject.get());
        }
        try (var rows = session.prepared(sql).executeQuery()) {
            while (rows.next() && !cells.tooMany()) {
                var columns = new Columns(rows);
                long hour = columns.number();
                var whose = columns.text();
                var dimensions = parsed(columns.text());
                add(
                        hour,
                        dimension -> value(dimension, whose, dimensions),
                        unique ? Optional.of(columns.text()) : Optional.empty(),
                        unique ? MeterSum.nothing() : MeterSum.read(columns));
            }
        }
    }

    private Map<String, String> parsed(String dimensions) {
        if (parsed.size() > UsageQueries.EVENTS_MAX) {
            parsed.clear();
        }
        return parsed.computeIfAbsent(dimensions, Words::parse);
    }

    private static String value(Dimension dimension, String subject, Map<String, String> dimensions) {
        return dimension == BuiltIn.SUBJECT ? subject : dimensions.getOrDefault(dimension.key(), "");
    }

    private void events(long from, long until) throws SQLException {
        if (from >= until || events > UsageQueries.EVENTS_MAX) {
            return;
        }
        var sql = EVENTS + (subject.isPresent() ? OF_SUBJECT : "") + IN_ORDER;
        var filled = session.fill(sql)
                .text(question.organization().value())
                .number(from)
                .number(until);
        if (subject.isPresent()) {
            filled.text(subject.get());
        }
        try (var rows = session.prepared(sql).executeQuery()) {
            while (rows.next() && events <= UsageQueries.EVENTS_MAX && !cells.tooMany()) {
                events++;
                event(MeteredEvent.read(new Columns(rows)));
            }
        }
    }

    private void event(MeteredEvent event) {
        var amount = event.amounts().get(question.meter());
        var value = event.value(question.meter());
        if (amount != null && (!unique || value.isPresent())) {
            boolean level = event.levels().contains(question.meter());
            add(event.time(), dimension -> value(dimension, event), value, MeterSum.of(amount, level, event.time()));
        }
    }

    private static String value(Dimension dimension, MeteredEvent event) {
        if (dimension == BuiltIn.SUBJECT) {
            return event.subject();
        }
        var value = event.dimensions().of(dimension.key());
        return value == null ? "" : value;
    }

    /** How a row or an event says its dimensions. */
    private interface Said {
        String of(Dimension dimension);
    }

    private void add(long time, Said said, Optional<String> value, MeterSum sum) {
        for (var condition : question.conditions()) {
            if (!condition.matches(said.of(condition.dimension()))) {
                return;
            }
        }
        var group = question.groupBy().stream().map(said::of).toList();
        cells.add(time, group, value, sum);
    }
}
