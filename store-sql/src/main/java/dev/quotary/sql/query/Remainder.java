package dev.quotary.sql.query;

import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Measure.Kind;
import dev.quotary.analytics.Value;
import dev.quotary.sql.query.Cube.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is left of everything when some groups are taken out of it. Everything together is found in sums of all subjects, while looking for
 * all but some of a hundred thousand subjects would read every one of them.
 */
final class Remainder {
    private final List<Measure> measures;

    /** @param measures with {@link Measure#EVENTS} as the last */
    Remainder(List<Measure> measures) {
        this.measures = measures;
    }

    /** Whether all measures add up. */
    static boolean adds(List<Measure> measures) {
        return measures.stream()
                .allMatch(measure ->
                        measure.kind() == Kind.SUM || (measure.kind() == Kind.MEAN && !Reckoning.ofSessions(measure)));
    }

    /**
     * By bucket, where there are events.
     *
     * @return empty if a sum has stopped at the largest number, from which nothing can be taken
     */
    Optional<Map<Place, List<Value>>> of(Map<Place, List<Value>> all, Map<Place, List<Value>> taken) {
        var left = new HashMap<>(all);
        for (var some : taken.entrySet()) {
            var place = new Place(some.getKey().bucket(), List.of());
            var from = left.get(place);
            if (from == null || saturated(from)) {
                return Optional.empty();
            }
            left.put(place, minus(from, some.getValue()));
        }
        left.values().removeIf(values -> values.getLast().equals(Value.of(0)));
        return Optional.of(left);
    }

    private static boolean saturated(List<Value> values) {
        return values.stream().anyMatch(value -> switch (value) {
            case Value.Whole(long units) -> units == Long.MAX_VALUE;
            case Value.Quotient(long sum, long _) -> sum == Long.MAX_VALUE;
            case Value.Nothing() -> false;
        });
    }

    private List<Value> minus(List<Value> from, List<Value> some) {
        var left = new ArrayList<Value>(measures.size());
        for (int i = 0; i < measures.size(); i++) {
            left.add(minus(from.get(i), some.get(i)));
        }
        return left;
    }

    private static Value minus(Value from, Value some) {
        return switch (from) {
            case Value.Whole(long units) -> Value.of(units - ((Value.Whole) some).units());
            case Value.Quotient(long sum, long count) ->
                some instanceof Value.Quotient taken ? Value.of(sum - taken.sum(), count - taken.count()) : from;
            case Value.Nothing() -> from;
        };
    }
}
