package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.analytics.Value;
import dev.quotary.analytics.anomaly.Anomalies;
import dev.quotary.analytics.anomaly.Anomaly;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.LimitTexts;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.meter.MeterKey;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Subjects, models, providers or features whose use is far from its own pattern. */
final class AnomalyEndpoint {
    private static final int DAYS_DEFAULT = 7;
    private static final int DAYS_MAX = 31;
    private static final int GROUPS_MAX = 1_000;
    private static final int TOLD_MAX = 100;
    /** A day's use below this is nobody's concern: a cent, a thousand tokens, twenty requests. */
    private static final Map<Measure, Long> UNITS_MIN =
            Map.of(Measure.COST, 10_000_000_000L, Measure.TOKENS, 1_000L, Measure.REQUESTS, 20L);

    private static final Map<String, BuiltIn> GROUPS = Map.of(
            "subject",
            BuiltIn.SUBJECT,
            "model",
            BuiltIn.MODEL,
            "provider",
            BuiltIn.PROVIDER,
            "feature",
            BuiltIn.FEATURE);
    private static final int HOUR_SECONDS = 3600;

    private final Optional<UsageQueries> queries;
    private final CallReader calls;
    private final Catalog catalog;
    private final InstantSource clock;

    /** @param queries empty where the store answers no questions */
    AnomalyEndpoint(Optional<UsageQueries> queries, CallReader calls, Catalog catalog, InstantSource clock) {
        this.queries = queries;
        this.calls = calls;
        this.catalog = catalog;
        this.clock = clock;
    }

    private record Order(BuiltIn by, Measure measure, int days) {}

    private record Found(String group, Range day, Anomaly anomaly) {}

    CompletionStage<Reply> anomalies(Exchange exchange) {
        var source = queries.orElseThrow(
                () -> new ProblemException(ErrorCode.NOT_FOUND, "This server answers no questions about use."));
        var organization = calls.organization(exchange);
        var order = new Order(by(exchange), measure(exchange), days(exchange));
        var zone = zone(organization);
        var today = clock.instant().atZone(zone).toLocalDate();
        // Whole days only: a day that has just begun is far from any.
        var range = new Range(
                today.minusDays(order.days() + (long) Anomalies.DAYS_BEFORE)
                        .atStartOfDay(zone)
                        .toInstant(),
                today.atStartOfDay(zone).toInstant());
        var question = Question.of(organization, range, List.of(order.measure()))
                .by(Granularity.DAY, zone)
                .by(List.of(order.by()), GROUPS_MAX);
        return source.ask(question).thenApply(answer -> switch (answer) {
            case Answer.Told told -> reply(order, range, told);
            case Answer.TooManyEvents _ ->
                throw new IllegalStateException("days of whole hours are told by the rollups");
        });
    }

    /** Rollups are kept by hours of UTC: where a zone's midnight is none of these, the days are those of UTC. */
    private ZoneId zone(OrganizationKey organization) {
        var declared = catalog.declarations().organizations().get(organization);
        var zone = declared == null ? ZoneOffset.UTC : declared.calendar().zone();
        return zone.getRules().getOffset(clock.instant()).getTotalSeconds() % HOUR_SECONDS == 0 ? zone : ZoneOffset.UTC;
    }

    private static BuiltIn by(Exchange exchange) {
        var by = GROUPS.get(exchange.query("by").orElse("subject"));
        if (by == null) {
            throw new InvalidInputException(
                    "", 0, "expected query parameter 'by' to be subject, model, provider or feature");
        }
        return by;
    }

    private static Measure measure(Exchange exchange) {
        return Measure.ofKey(exchange.query("measure").orElse("cost"))
                .filter(UNITS_MIN::containsKey)
                .orElseThrow(() -> new InvalidInputException(
                        "", 0, "expected query parameter 'measure' to be cost, tokens or requests"));
    }

    private static int days(Exchange exchange) {
        try {
            int days = exchange.query("days").map(Integer::parseInt).orElse(DAYS_DEFAULT);
            if (days >= 1 && days <= DAYS_MAX) {
                return days;
            }
        } catch (NumberFormatException _) {
            // Told below.
        }
        throw new InvalidInputException(
                "", 0, "expected query parameter 'days' to be a whole number of 1.." + DAYS_MAX);
    }

    private static Reply reply(Order order, Range range, Answer.Told told) {
        long unitsMin = UNITS_MIN.getOrDefault(order.measure(), 1L);
        var found = new ArrayList<Found>();
        for (var series : told.series()) {
            if (series.group() instanceof Series.Group.Of(var values)) {
                for (var anomaly : Anomalies.among(units(series, told.buckets().size()), order.days(), unitsMin)) {
                    found.add(new Found(values.getFirst(), told.buckets().get(anomaly.day()), anomaly));
                }
            }
        }
        found.sort(Comparator.comparingLong(
                        (Found each) -> -Math.abs(each.anomaly().score()))
                .thenComparing(each -> each.day().from())
                .thenComparing(Found::group));
        return Reply.json(Reply.OK, json -> write(json, order, range, found));
    }

    private static long[] units(Series series, int buckets) {
        var units = new long[buckets];
        for (var cell : series.cells()) {
            units[cell.bucket()] = cell.values().getFirst() instanceof Value.Whole(long whole) ? whole : 0;
        }
        return units;
    }

    private static void write(JsonGenerator json, Order order, Range range, List<Found> found) throws IOException {
        var meter = new MeterKey(order.measure().key());
        json.writeStartObject();
        json.writeStringField("by", order.by().key());
        json.writeStringField("measure", order.measure().key());
        json.writeStringField("to", Times.text(range.until()));
        json.writeNumberField("days", order.days());
        json.writeArrayFieldStart("anomalies");
        for (var each : found.stream().limit(TOLD_MAX).toList()) {
            json.writeStartObject();
            json.writeStringField(order.by().key(), each.group());
            json.writeStringField("from", Times.text(each.day().from()));
            json.writeStringField("to", Times.text(each.day().until()));
            json.writeFieldName("used");
            LimitTexts.amount(json, meter, each.anomaly().units());
            json.writeFieldName("expected");
            LimitTexts.amount(json, meter, each.anomaly().expected());
            json.writeNumberField("score", BigDecimal.valueOf(each.anomaly().score(), 1));
            json.writeNumberField("compared_days", each.anomaly().days());
            json.writeBooleanField("same_weekday", each.anomaly().sameWeekday());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
