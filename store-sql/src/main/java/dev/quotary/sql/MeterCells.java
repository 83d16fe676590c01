package dev.quotary.sql;

import dev.quotary.analytics.Answer;
import dev.quotary.analytics.MeterQueries;
import dev.quotary.analytics.MeterQuestion;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.Value;
import dev.quotary.meter.Aggregation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What there is of a meter by group and bucket, put together from rows and events in any order of buckets. */
final class MeterCells {
    private final MeterQuestion question;
    private final List<Range> buckets;
    private final long[] starts;
    private final Map<List<String>, TreeMap<Integer, Cell>> groups = new HashMap<>();
    private int cells;
    private long values;

    /** Everything of one group in one bucket, or of several of them together. */
    private static final class Cell {
        private final MeterSum sum = MeterSum.nothing();
        private final Set<String> values = new HashSet<>();

        void add(Cell other) {
            sum.add(other.sum);
            values.addAll(other.values);
        }

        Value value(Aggregation aggregation) {
            return switch (aggregation) {
                case SUM, COUNT -> Value.of(sum.amount());
                case UNIQUE -> Value.of(values.size());
                case MIN -> sum.events() == 0 ? Value.NOTHING : Value.of(sum.least());
                case MAX -> sum.events() == 0 ? Value.NOTHING : Value.of(sum.most());
                case AVG -> Value.of(sum.amount(), sum.events());
                case LATEST -> {
                    var latest = sum.latest();
                    yield latest == null ? Value.NOTHING : Value.of(latest);
                }
            };
        }
    }

    /** A group with all that it has. */
    private record Ranked(Series.Group group, List<String> key, Cell total, SortedMap<Integer, Cell> cells) {}

    MeterCells(MeterQuestion question) {
        this.question = question;
        this.buckets = question.granularity().buckets(question.range(), question.zone());
        this.starts =
                buckets.stream().mapToLong(bucket -> Micros.of(bucket.from())).toArray();
    }

    List<Range> buckets() {
        return buckets;
    }

    /** Whether there is more than may be held. */
    boolean tooMany() {
        return cells > MeterQueries.CELLS_MAX || values > MeterQueries.VALUES_MAX;
    }

    /** @param time within the range, in {@link Micros} */
    void add(long time, List<String> group, Optional<String> value, MeterSum sum) {
        int found = Arrays.binarySearch(starts, time);
        int bucket = found >= 0 ? found : -found - 2;
        var cell = groups.computeIfAbsent(group, _ -> new TreeMap<>()).computeIfAbsent(bucket, _ -> {
            cells++;
            return new Cell();
        });
        cell.sum.add(sum);
        if (question.aggregation() == Aggregation.UNIQUE && value.isPresent() && cell.values.add(value.get())) {
            values++;
        }
    }

    Answer.Told told() {
        var ranked = new ArrayList<Ranked>();
        groups.forEach((key, of) -> ranked.add(new Ranked(new Series.Group.Of(key), key, together(of), of)));
        if (ranked.isEmpty() && question.groupBy().isEmpty()) {
            ranked.add(new Ranked(new Series.Group.Of(List.of()), List.of(), new Cell(), new TreeMap<>()));
        }
        ranked.sort(Comparator.comparing(this::total, MeterCells::compare)
                .reversed()
                .thenComparing(Ranked::key, MeterCells::compareTexts));
        var series = new ArrayList<Series>();
        ranked.stream().limit(question.top()).map(this::series).forEach(series::add);
        if (ranked.size() > question.top()) {
            series.add(series(others(ranked.subList(question.top(), ranked.size()))));
        }
        return new Answer.Told(buckets, series, Optional.empty());
    }

    private static Cell together(Map<Integer, Cell> cells) {
        var all = new Cell();
        cells.values().forEach(all::add);
        return all;
    }

    private static Ranked others(List<Ranked> rest) {
        var cells = new TreeMap<Integer, Cell>();
        for (var group : rest) {
            group.cells()
                    .forEach((bucket, cell) ->
                            cells.computeIfAbsent(bucket, _ -> new Cell()).add(cell));
        }
        return new Ranked(new Series.Group.Others(), List.of(), together(cells), cells);
    }

    private Value total(Ranked group) {
        return group.total().value(question.aggregation());
    }

    private Series series(Ranked group) {
        var told = new ArrayList<Series.Cell>();
        group.cells()
                .forEach((bucket, cell) ->
                        told.add(new Series.Cell(bucket, List.of(cell.value(question.aggregation())))));
        return new Series(group.group(), List.of(total(group)), told);
    }

    /** Nothing is less than anything. */
    private static int compare(Value one, Value other) {
        return switch (one) {
            case Value.Nothing _ -> other instanceof Value.Nothing ? 0 : -1;
            case Value.Whole(long units) -> other instanceof Value.Whole whole ? Long.compare(units, whole.units()) : 1;
            case Value.Quotient(long sum, long count) ->
                other instanceof Value.Quotient theirs
                        ? BigInteger.valueOf(sum)
                                .multiply(BigInteger.valueOf(theirs.count()))
                                .compareTo(BigInteger.valueOf(theirs.sum()).multiply(BigInteger.valueOf(count)))
                        : 1;
        };
    }

    private static int compareTexts(List<String> one, List<String> other) {
        for (int i = 0; i < one.size(); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
