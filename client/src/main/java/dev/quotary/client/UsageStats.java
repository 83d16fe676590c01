package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was used, over time and by group.
 *
 * @param series one for every group, the top one first
 */
public record UsageStats(String organization, Instant from, Instant to, List<Series> series) {
    public UsageStats {
        series = List.copyOf(series);
    }

    /**
     * Of one group.
     *
     * @param group values by dimension; the empty text for none
     * @param other whether these are all the groups that are not told apart
     * @param total amounts by meter, of {@code cost} US dollars; what is a mean or percentile of nothing is not there
     * @param points one for every stretch of time, in order; none of granularity {@code total}
     */
    public record Series(Map<String, String> group, boolean other, Map<String, BigDecimal> total, List<Point> points) {
        public Series {
            group = Map.copyOf(group);
            total = Map.copyOf(total);
            points = List.copyOf(points);
        }

        static Series read(Json json) {
            var group = new LinkedHashMap<String, String>();
            json.at("group")
                    .entries()
                    .forEach((dimension, value) ->
                            group.put(dimension, value.text().orElse("")));
            return new Series(
                    group,
                    json.at("other").isTrue(),
                    amounts(json.at("total")),
                    json.at("points").items().stream().map(Point::read).toList());
        }
    }

    /** Of one stretch of time. */
    public record Point(Instant start, Instant end, Map<String, BigDecimal> values) {
        public Point {
            values = Map.copyOf(values);
        }

        static Point read(Json json) {
            return new Point(needed(json, "start"), needed(json, "end"), amounts(json.at("values")));
        }
    }

    static UsageStats read(Answer answer) {
        var json = answer.body();
        return new UsageStats(
                Answers.text(json, "organization"),
                needed(json, "from"),
                needed(json, "to"),
                json.at("series").items().stream().map(Series::read).toList());
    }

    private static Instant needed(Json json, String name) {
        return Answers.time(json, name)
                .orElseThrow(() -> new IllegalArgumentException("expected '" + name + "' in the answer"));
    }

    /** Of a mean, its value. */
    private static Map<String, BigDecimal> amounts(Json json) {
        var amounts = new LinkedHashMap<String, BigDecimal>();
        json.entries().forEach((meter, amount) -> {
            var value = amount instanceof Json.Obj mean ? mean.at("value") : amount;
            value.decimal().ifPresent(number -> amounts.put(meter, number));
        });
        return amounts;
    }
}
