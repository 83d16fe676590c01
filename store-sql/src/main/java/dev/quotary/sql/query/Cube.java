package dev.quotary.sql.query;

import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Measure.Kind;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Value;
import dev.quotary.sql.Columns;
import dev.quotary.sql.FoldPlace;
import dev.quotary.sql.Saturating;
import dev.quotary.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements of one question, and what they answer: values by bucket and group.
 *
 * <p>Rows of every source come with the index of their bucket and the values of the groups; around them the database adds up, counts and
 * ranks. Times are put into the statement as numbers, texts of callers only as parameters.
 */
final class Cube {
    private final Session session;
    private final Question question;
    private final Names names;
    private final Optional<FoldPlace> place;
    private final List<Dimension> groupBy;
    private final List<Measure> ofRows;
    private final List<Measure> ofSessions;

    /**
     * @param groupBy by what to tell apart; none for everything together
     * @param place of the organization; empty while nothing is summed up
     */
    Cube(Session session, Question question, List<Dimension> groupBy, Optional<FoldPlace> place) {
        this.place = place;
        this.session = session;
        this.question = question;
        this.names = new Names(session.dialect());
        this.groupBy = groupBy;
        this.ofRows = question.measures().stream()
                .filter(measure -> !Reckoning.ofSessions(measure))
                .toList();
        this.ofSessions =
                question.measures().stream().filter(Reckoning::ofSessions).toList();
    }

    /** A bucket and a group. */
    record Place(int bucket, List<String> group) {}

    /**
     * Which groups are meant.
     *
     * @param groups in the form of {@link Names#kept}
     * @param inside whether these, or all others
     */
    record Pick(List<Dimension> dimensions, List<List<String>> groups, boolean inside) {
        static final Pick ALL = new Pick(List.of(), List.of(), false);

        /** Whether rows are picked by a subject and nothing else. */
        boolean namesSubjects() {
            return inside && dimensions.equals(List.of(BuiltIn.SUBJECT));
        }
    }

    /** The groups with most of the first measure, in their order. */
    List<List<String>> top(Pieces pieces, int count) throws SQLException {
        var text = new Text().add("SELECT ").add(groups());
        text.add(" FROM (").add(rows(pieces, Pick.ALL)).add(") AS u GROUP BY ").add(groups());
        text.add(" ORDER BY " + rank() + ", " + groups() + " LIMIT " + count);
        var groups = new ArrayList<List<String>>();
        try (var statement = text.prepare(session);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                groups.add(group(new Columns(rows)));
            }
        }
        return groups;
    }

    /** Largest first. The halves of sums are put in order before they are compared. */
    private String rank() {
        var first = question.measures().getFirst();
        if (first.kind() == Kind.DISTINCT) {
            return Reckoning.aggregates(first) + " DESC";
        }
        var halves = Saturating.sumSql(first.kind() == Kind.SUM ? Reckoning.column(first) : "events")
                .split(", ", -1);
        return "(" + halves[0] + " + " + halves[1] + " / " + Saturating.HALF + ") DESC, (" + halves[1] + " % "
                + Saturating.HALF + ") DESC";
    }

    /** The values of the groups picked, of those that have rows. */
    Map<Place, List<Value>> values(Pieces pieces, Pick pick) throws SQLException {
        var found = new LinkedHashMap<Place, Map<Measure, Value>>();
        read(ofRows(pieces, pick), ofRows, found);
        if (!ofSessions.isEmpty()) {
            read(ofSessions(pieces, pick), ofSessions, found);
        }
        return found.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> inOrder(entry.getValue()), (one, _) -> one, LinkedHashMap::new));
    }

    private List<Value> inOrder(Map<Measure, Value> values) {
        return question.measures().stream()
                .map(measure -> values.getOrDefault(measure, Reckoning.none(measure)))
                .toList();
    }

    private Text ofRows(Pieces pieces, Pick pick) {
        var text = new Text().add("SELECT bucket").add(andGroups()).add(", count(*)");
        ofRows.forEach(measure -> text.add(", " + Reckoning.aggregates(measure)));
        text.add(" FROM (");
        if (has(Kind.PERCENTILE)) {
            var partition = "PARTITION BY bucket" + andGroups();
            text.add("SELECT v.*, row_number() OVER (" + partition + " ORDER BY latency_ms) AS latency_rank, ");
            text.add("count(*) OVER (" + partition + ") AS latency_count FROM (");
            text.add(rows(pieces, pick)).add(") AS v");
        } else {
            text.add(rows(pieces, pick));
        }
        return text.add(") AS u GROUP BY bucket" + andGroups());
    }

    private Text ofSessions(Pieces pieces, Pick pick) {
        var text = new Text().add("SELECT bucket").add(andGroups()).add(", count(*)");
        ofSessions.forEach(measure -> text.add(", " + Reckoning.aggregates(measure)));
        text.add(" FROM (SELECT bucket" + andGroups() + ", (max(time) - min(time)) / 1000 AS length_ms FROM (");
        text.add(rows(pieces, pick));
        text.add(") AS v WHERE session_name IS NOT NULL GROUP BY bucket" + andGroups() + ", session_name");
        return text.add(") AS u GROUP BY bucket" + andGroups());
    }

    private void read(Text text, List<Measure> measures, Map<Place, Map<Measure, Value>> found) throws SQLException {
        try (var statement = text.prepare(session);
                var rows = statement.executeQuery()) {
            while (rows.next()) {
                var columns = new Columns(rows);
                var place = new Place((int) columns.number(), group(columns));
                columns.number();
                var values = found.computeIfAbsent(place, _ -> new LinkedHashMap<>());
                for (var measure : measures) {
                    values.put(measure, Reckoning.read(measure, columns));
                }
            }
        }
    }

    private List<String> group(Columns columns) throws SQLException {
        var group = new ArrayList<String>(groupBy.size());
        for (int i = 0; i < groupBy.size(); i++) {
            group.add(columns.text());
        }
        return group;
    }

    /** The columns of the groups, by name. */
    private String groups() {
        return IntStream.range(0, groupBy.size()).mapToObj(i -> "g" + i).collect(Collectors.joining(", "));
    }

    private String andGroups() {
        return groupBy.isEmpty() ? "" : ", " + groups();
    }

    private boolean has(Kind kind) {
        return question.measures().stream().anyMatch(measure -> measure.kind() == kind);
    }

    /** The rows of all pieces. */
    private Text rows(Pieces pieces, Pick pick) {
        var text = new Text();
        var separator = "";
        for (var source : pieces.bySource().entrySet()) {
            text.add(separator).add(rows(source.getKey(), source.getValue(), pick));
            separator = " UNION ALL ";
        }
        return text;
    }

    private Text rows(Source source, List<Piece> pieces, Pick pick) {
        var text = new Text().add("SELECT p.column1 AS bucket");
        for (int i = 0; i < groupBy.size(); i++) {
            text.add(", ").add(names.expression(groupBy.get(i), source)).add(" AS g" + i);
        }
        for (var column : columns()) {
            text.add(", " + Reckoning.column(column, source) + " AS " + column);
        }
        if (question.measures().contains(Measure.SUBJECTS)) {
            text.add(", " + Reckoning.who() + " AS who");
        }
        if (question.measures().contains(Measure.SESSIONS) || !ofSessions.isEmpty()) {
            text.add(", " + Reckoning.SESSION + " AS session_name, r.time AS time");
        }
        return text.add(from(source, pieces, pick));
    }

    private Set<String> columns() {
        var columns = new LinkedHashSet<String>();
        columns.add("events");
        for (var measure : question.measures()) {
            columns.add(Reckoning.column(measure));
            if (measure == Measure.SUCCESS_RATE) {
                columns.add("errors");
            }
        }
        return columns;
    }

    /** How many events the answer looks at one by one, counted up to a number. */
    static Text count(Session session, Question question, List<Piece> pieces, int most) {
        var cube = new Cube(session, question, List.of(), Optional.empty());
        return new Text()
                .add("SELECT count(*) FROM (SELECT 1")
                .add(cube.from(Source.EVENTS, pieces, Pick.ALL))
                .add(" LIMIT " + most + ") AS looked_at");
    }

    private Text from(Source source, List<Piece> pieces, Pick pick) {
        boolean seek = source != Source.EVENTS && (pick.namesSubjects() || Names.namesSubjects(question.conditions()));
        var text = new Text().add(" FROM (VALUES ").add(seek ? units(source, pieces) : stretches(pieces));
        text.add(") AS p CROSS JOIN " + source.table() + " AS r WHERE r.organization = ");
        text.value(question.organization().value());
        // A row of one subject is found by its unit of time at once, while in a stretch of units all subjects would be
        // passed.
        text.add(seek ? " AND r." + source.time() + " = p.column2" : stretch(source));
        if (source == Source.REST) {
            text.add(Source.rest(place.orElseThrow()));
        }
        for (Condition condition : question.conditions()) {
            text.add(" AND ").add(names.meets(condition, source));
        }
        if (!pick.groups().isEmpty()) {
            text.add(" AND ").add(picked(pick, source));
        }
        return text;
    }

    private static String stretch(Source source) {
        return " AND r." + source.time() + " >= p.column2 AND r." + source.time() + " < p.column3";
    }

    private Text picked(Pick pick, Source source) {
        var text = new Text().add("(");
        var separator = "";
        for (var dimension : pick.dimensions()) {
            text.add(separator).add(names.expression(dimension, source));
            separator = ", ";
        }
        text.add(pick.inside() ? ") IN (VALUES " : ") NOT IN (VALUES ");
        separator = "(";
        for (var group : pick.groups()) {
            for (var value : group) {
                text.add(separator).value(value);
                separator = ", ";
            }
            separator = "), (";
        }
        return text.add("))");
    }

    private static String stretches(List<Piece> pieces) {
        return pieces.stream()
                .map(piece -> "(" + piece.bucket() + ", " + piece.from() + ", " + piece.until() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String units(Source source, List<Piece> pieces) {
        var rows = new ArrayList<String>();
        for (var piece : pieces) {
            Pieces.eachUnit(source, piece, unit -> rows.add("(" + piece.bucket() + ", " + unit + ")"));
        }
        return String.join(", ", rows);
    }
}
