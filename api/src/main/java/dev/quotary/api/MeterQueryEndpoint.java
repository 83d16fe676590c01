package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.MeterQueries;
import dev.quotary.analytics.MeterQuestion;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.Value;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Answers what a declared meter comes to, in OpenMeter's shape, as JSON or CSV. */
final class MeterQueryEndpoint {
    /** Digits of an average behind the point: the one place where it is rounded, half to even. */
    private static final int AVERAGE_SCALE = 12;

    private final Optional<Reported> reported;
    private final Catalog catalog;
    private final CallReader calls;
    private final InstantSource clock;

    /** @param reported empty where the store does not answer such questions */
    MeterQueryEndpoint(Optional<Reported> reported, Catalog catalog, CallReader calls, InstantSource clock) {
        this.reported = reported;
        this.catalog = catalog;
        this.calls = calls;
        this.clock = clock;
    }

    /** One window of one group. */
    private record Row(Range window, List<String> group, Value value) {}

    CompletionStage<Reply> byParameters(Exchange exchange) {
        var meter = meter(exchange);
        return answer(exchange, meter, MeterQuery.ofParameters(exchange, meter));
    }

    CompletionStage<Reply> byBody(Exchange exchange) {
        var meter = meter(exchange);
        return answer(exchange, meter, MeterQuery.ofBody(exchange.jsonOrNothing(), meter));
    }

    private Meter meter(Exchange exchange) {
        var name = exchange.parameter(0);
        for (var meter : catalog.declarations().meters().values()) {
            if (meter.key().value().equals(name)) {
                return meter;
            }
        }
        throw new ProblemException(
                ErrorCode.NOT_FOUND,
                builtIn(name)
                        ? "Meter '" + name + "' is built in: ask GET /api/v1/usage/query?meter=" + name + "."
                        : "There is no declared meter '" + name + "'.");
    }

    private static boolean builtIn(String name) {
        try {
            return new MeterKey(name).builtIn();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private CompletionStage<Reply> answer(Exchange exchange, Meter meter, MeterQuery query) {
        var queries = queries();
        var question = question(exchange, meter, query);
        boolean csv = exchange.header("Accept").orElse("").contains("text/csv");
        return queries.ask(question).thenApply(answer -> switch (answer) {
            case Answer.Told told -> {
                var rows = rows(told, query);
                yield csv
                        ? MeterCsv.reply(
                                query.groupBy(), rows.stream().map(this::line).toList())
                        : Reply.json(Reply.OK, json -> write(json, query, rows));
            }
            case Answer.TooManyEvents(int max) ->
                Reply.problem(
                        ErrorCode.INVALID_REQUEST,
                        "More than " + max
                                + " single events, or too many groups, would have to be looked at: ask about less "
                                + "time, group by less, or let windows begin with hours of UTC.");
        });
    }

    private MeterQueries queries() {
        return reported.orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND, "The store of this server answers no questions about meters."))
                .meters();
    }

    private MeterQuestion question(Exchange exchange, Meter meter, MeterQuery query) {
        var conditions = new ArrayList<>(query.conditions());
        var own = exchange.principal().key().subject();
        if (own != null) {
            query.conditions().stream()
                    .filter(condition -> condition.dimension() == BuiltIn.SUBJECT)
                    .filter(condition -> !condition.patterns().equals(List.of(own.value())))
                    .forEach(_ -> {
                        throw new ProblemException(ErrorCode.FORBIDDEN, "This key sees its own subject only.");
                    });
            conditions.add(Condition.is(BuiltIn.SUBJECT, own.value()));
        }
        try {
            return MeterQuestion.of(calls.organization(exchange), meter.key(), meter.aggregation(), range(query))
                    .by(query.windowSize().orElse(Granularity.TOTAL), query.zone())
                    .where(conditions)
                    .by(query.groupBy(), Question.TOP_MAX);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
        }
    }

    /** Without an end, until the end of this minute: what happened just now is in it. */
    private Range range(MeterQuery query) {
        var until = query.until()
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES));
        var range = new Range(query.from().orElse(Instant.EPOCH), until);
        // Refuses what would be too many windows, before the store is asked.
        query.windowSize().ifPresent(size -> size.buckets(range, query.zone()));
        return range;
    }

    /** In the order of the windows, and of the groups within; windows without a value are left out. */
    private static List<Row> rows(Answer.Told told, MeterQuery query) {
        var rows = new ArrayList<Row>();
        for (var series : told.series()) {
            switch (series.group()) {
                case Series.Group.Of(var values) -> {
                    if (query.windowSize().isEmpty()) {
                        rows.add(new Row(
                                told.buckets().getFirst(),
                                values,
                                series.totals().getFirst()));
                    } else {
                        series.cells()
                                .forEach(cell -> rows.add(new Row(
                                        told.buckets().get(cell.bucket()),
                                        values,
                                        cell.values().getFirst())));
                    }
                }
                case Series.Group.Others() ->
                    throw new ProblemException(
                            ErrorCode.INVALID_REQUEST,
                            "There are more than " + Question.TOP_MAX + " groups; filter them, or group by less.");
            }
        }
        rows.removeIf(row -> row.value() instanceof Value.Nothing);
        rows.sort(Comparator.comparing(row -> row.window().from()));
        return rows;
    }

    private void write(JsonGenerator json, MeterQuery query, List<Row> rows) throws IOException {
        json.writeStartObject();
        time(json, "from", query.from());
        time(json, "to", query.until());
        if (query.windowSize().isPresent()) {
            json.writeStringField("windowSize", query.windowSize().get().name());
        }
        json.writeArrayFieldStart("data");
        for (var row : rows) {
            json.writeStartObject();
            json.writeFieldName("value");
            json.writeNumber(number(row.value()));
            json.writeStringField("windowStart", Times.text(row.window().from()));
            json.writeStringField("windowEnd", Times.text(row.window().until()));
            json.writeFieldName("subject");
            writeNullable(json, value(query.groupBy(), row, BuiltIn.SUBJECT));
            json.writeObjectFieldStart("groupBy");
            for (var dimension : query.groupBy()) {
                if (dimension != BuiltIn.SUBJECT) {
                    json.writeFieldName(dimension.key());
                    writeNullable(json, value(query.groupBy(), row, dimension));
                }
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String name, Optional<Instant> at) throws IOException {
        if (at.isPresent()) {
            json.writeStringField(name, Times.text(at.get()));
        }
    }

    private static void writeNullable(JsonGenerator json, @Nullable String text) throws IOException {
        if (text == null) {
            json.writeNull();
        } else {
            json.writeString(text);
        }
    }

    /** Null for a dimension that is not grouped by, and for events that lack it. */
    private static @Nullable String value(List<Dimension> groupBy, Row row, Dimension dimension) {
        int index = groupBy.indexOf(dimension);
        var value = index < 0 ? "" : row.group().get(index);
        return value.isEmpty() ? null : value;
    }

    private static BigDecimal number(Value value) {
        return switch (value) {
            case Value.Whole(long units) -> BigDecimal.valueOf(units);
            case Value.Quotient(long sum, long count) -> {
                var quotient = BigDecimal.valueOf(sum)
                        .divide(BigDecimal.valueOf(count), AVERAGE_SCALE, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros();
                yield quotient.scale() < 0 ? quotient.setScale(0) : quotient;
            }
            case Value.Nothing _ -> throw new IllegalStateException("rows without a value are left out");
        };
    }

    private List<String> line(Row row) {
        var line = new ArrayList<String>();
        line.add(Times.text(row.window().from()));
        line.add(Times.text(row.window().until()));
        line.addAll(row.group());
        line.add(number(row.value()).toPlainString());
        return line;
    }
}
