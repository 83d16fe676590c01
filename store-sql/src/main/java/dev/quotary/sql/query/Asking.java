package dev.quotary.sql.query;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.Series.Cell;
import dev.quotary.analytics.Series.Group;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.analytics.Value;
import dev.quotary.sql.FoldPlace;
import dev.quotary.sql.Session;
import dev.quotary.sql.query.Cube.Pick;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Answers one question within one session. */
final class Asking {
    private final Session session;
    private final Question question;

    private final Optional<FoldPlace> place;
    /** How many of the measures are told: all but the last. */
    private final int told;

    /** @param asked what is told; beside it, the events are counted */
    Asking(Session session, Question asked) throws SQLException {
        this.session = session;
        this.told = asked.measures().size();
        var measures = new ArrayList<>(asked.measures());
        measures.add(Measure.EVENTS);
        this.question = asked.measuring(measures);
        this.place = FoldPlace.of(session, question.organization().value());
    }

    private Cube cube(List<Dimension> groupBy) {
        return new Cube(session, question, groupBy, place);
    }

    Answer answer() throws SQLException {
        var range = question.range();
        var before = question.previous() ? Optional.of(range.previous(question.zone())) : Optional.<Range>empty();
        long events = events(range);
        if (before.isPresent()) {
            events += events(before.get());
        }
        if (events > UsageQueries.EVENTS_MAX) {
            return new Answer.TooManyEvents(UsageQueries.EVENTS_MAX);
        }
        var groups = groups();
        var previous = before.isPresent() ? Optional.of(told(before.get(), groups)) : Optional.<Answer.Told>empty();
        var told = told(range, groups);
        return new Answer.Told(told.buckets(), told.series(), previous);
    }

    /** How many events of a range have to be looked at one by one, up to one more than may be. */
    private long events(Range range) throws SQLException {
        var buckets = question.granularity().buckets(range, question.zone());
        var pieces = pieces(buckets).bySource().getOrDefault(Source.EVENTS, List.of());
        if (pieces.isEmpty()) {
            return 0;
        }
        var text = Cube.count(session, question, pieces, UsageQueries.EVENTS_MAX + 1);
        try (var statement = text.prepare(session);
                var row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private Pieces pieces(List<Range> buckets) {
        return pieces(buckets, question.groupBy());
    }

    private Pieces pieces(List<Range> buckets, List<Dimension> groupBy) {
        return rolledUp() ? Pieces.of(buckets, coarse(groupBy), place) : Pieces.ofEvents(buckets);
    }

    /** The tables that tell apart what is asked for, the coarsest first. */
    private List<Source> coarse(List<Dimension> groupBy) {
        var dimensions = Stream.concat(
                        groupBy.stream(), question.conditions().stream().map(Condition::dimension))
                .toList();
        if (!dimensions.contains(BuiltIn.SUBJECT) && !question.measures().contains(Measure.SUBJECTS)) {
            return List.of(Source.TOTALS);
        }
        return dimensions.stream().allMatch(BuiltIn.SUBJECT::equals)
                ? List.of(Source.MONTHS, Source.DAYS)
                : List.of(Source.DAYS);
    }

    /** Whether the rollups know all that is asked. */
    private boolean rolledUp() {
        var dimensions = Stream.concat(
                question.groupBy().stream(), question.conditions().stream().map(Condition::dimension));
        return question.measures().stream().allMatch(Reckoning::rolledUp) && dimensions.allMatch(Asking::rolledUp);
    }

    private static boolean rolledUp(Dimension dimension) {
        return dimension instanceof BuiltIn builtIn && builtIn.rolledUp();
    }

    /**
     * The groups that are told apart.
     *
     * @param others whether there are more
     */
    private record Groups(List<List<String>> top, boolean others) {}

    private Groups groups() throws SQLException {
        if (question.groupBy().isEmpty()) {
            return new Groups(List.of(List.of()), false);
        }
        var pieces = pieces(List.of(question.range()));
        var month = mayHurry()
                ? TopOfMonth.of(session, question.organization(), pieces, place)
                : Optional.<TopOfMonth>empty();
        int count = question.top() + 1;
        var top = month.isPresent()
                ? month.get().top(count)
                : cube(question.groupBy()).top(pieces, count);
        return top.size() > question.top()
                ? new Groups(List.copyOf(top.subList(0, question.top())), true)
                : new Groups(top, false);
    }

    private boolean mayHurry() {
        return question.groupBy().equals(List.of(BuiltIn.SUBJECT))
                && question.conditions().isEmpty()
                && question.measures().getFirst() == Measure.COST;
    }

    private Answer.Told told(Range range, Groups groups) throws SQLException {
        var buckets = question.granularity().buckets(range, question.zone());
        var series = new ArrayList<Series>();
        var pick = question.groupBy().isEmpty() ? Pick.ALL : new Pick(question.groupBy(), groups.top(), true);
        var values = groups.top().isEmpty()
                ? new Values(Map.of(), Map.of())
                : values(question.groupBy(), range, buckets, pick);
        for (var group : groups.top()) {
            series.add(values.series(new Group.Of(plain(group)), group, buckets.size()));
        }
        if (groups.others()) {
            series.add(others(range, buckets, groups, values).series(new Group.Others(), List.of(), buckets.size()));
        }
        return new Answer.Told(buckets, series, Optional.empty());
    }

    private Values others(Range range, List<Range> buckets, Groups groups, Values top) throws SQLException {
        if (Remainder.adds(question.measures())) {
            var all = values(List.of(), range, buckets, Pick.ALL);
            var remainder = new Remainder(question.measures());
            var totals = remainder.of(all.totals, top.totals);
            var cells = remainder.of(all.cells, top.cells);
            if (totals.isPresent() && cells.isPresent()) {
                return new Values(totals.get(), cells.get());
            }
        }
        // The rows of groups are told apart by the question's dimensions, though they are told together.
        var pick = new Pick(question.groupBy(), groups.top(), false);
        return values(cube(List.of()), question.groupBy(), range, buckets, pick);
    }

    private List<String> plain(List<String> group) {
        return IntStream.range(0, group.size())
                .mapToObj(i -> Names.plain(question.groupBy().get(i), group.get(i)))
                .toList();
    }

    private Values values(List<Dimension> groupBy, Range range, List<Range> buckets, Pick pick) throws SQLException {
        return values(cube(groupBy), groupBy, range, buckets, pick);
    }

    /** @param apart the dimensions that rows have to be told apart by */
    private Values values(Cube cube, List<Dimension> apart, Range range, List<Range> buckets, Pick pick)
            throws SQLException {
        var totals = cube.values(pieces(List.of(range), apart), pick);
        return new Values(totals, buckets.size() == 1 ? totals : cube.values(pieces(buckets, apart), pick));
    }

    /** What was found, over the whole range and by bucket. */
    private final class Values {
        private final Map<Cube.Place, List<Value>> totals;
        private final Map<Cube.Place, List<Value>> cells;

        Values(Map<Cube.Place, List<Value>> totals, Map<Cube.Place, List<Value>> cells) {
            this.totals = totals;
            this.cells = cells;
        }

        Series series(Group group, List<String> kept, int buckets) {
            var none = question.measures().stream().map(Reckoning::none).toList();
            var all = totals.getOrDefault(new Cube.Place(0, kept), none);
            var found = new ArrayList<Cell>();
            for (int i = 0; i < buckets; i++) {
                var values = cells.get(new Cube.Place(i, kept));
                if (values != null) {
                    found.add(new Cell(i, values.subList(0, told)));
                }
            }
            return new Series(group, all.subList(0, told), found);
        }
    }
}
