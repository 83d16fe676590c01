package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.analytics.Value;
import dev.quotary.analytics.advice.Advice;
import dev.quotary.analytics.advice.Advisor;
import dev.quotary.analytics.advice.ModelUse;
import dev.quotary.call.Call;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.money.Money;
import dev.quotary.price.Component;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The dearest operations, and what they would cost otherwise. */
final class AdviceEndpoint {
    private static final int DAYS_DEFAULT = 30;
    private static final int DAYS_MAX = 366;
    private static final int OPERATIONS_MAX = 20;
    private static final List<Measure> MEASURES = List.of(
            Measure.COST,
            Measure.REQUESTS,
            Measure.BUCKET_INPUT,
            Measure.BUCKET_CACHED_INPUT,
            Measure.BUCKET_CACHE_WRITE_5M,
            Measure.BUCKET_CACHE_WRITE_1H,
            Measure.BUCKET_INPUT_AUDIO,
            Measure.BUCKET_OUTPUT,
            Measure.BUCKET_OUTPUT_AUDIO);
    /** By the order of the measures. */
    private static final Map<Integer, Component> BUCKETS = Map.of(
            2, Component.INPUT,
            3, Component.CACHED_INPUT,
            4, Component.CACHE_WRITE_5M,
            5, Component.CACHE_WRITE_1H,
            6, Component.INPUT_AUDIO,
            7, Component.OUTPUT,
            8, Component.OUTPUT_AUDIO);

    private final Optional<UsageQueries> queries;
    private final CallReader calls;
    private final Catalog catalog;
    private final InstantSource clock;

    /** @param queries empty where the store answers no questions */
    AdviceEndpoint(Optional<UsageQueries> queries, CallReader calls, Catalog catalog, InstantSource clock) {
        this.queries = queries;
        this.calls = calls;
        this.catalog = catalog;
        this.clock = clock;
    }

    CompletionStage<Reply> advice(Exchange exchange) {
        var source = queries.orElseThrow(
                () -> new ProblemException(ErrorCode.NOT_FOUND, "This server answers no questions about use."));
        var call = calls.queried(exchange);
        var range = range(exchange);
        var question = Question.of(call.organization(), range, MEASURES)
                .by(List.of(BuiltIn.PROVIDER, BuiltIn.MODEL, BuiltIn.FEATURE), OPERATIONS_MAX)
                .where(conditions(call));
        return source.ask(question).thenApply(answer -> switch (answer) {
            case Answer.Told told -> reply(call, range, told);
            case Answer.TooManyEvents _ ->
                throw new IllegalStateException("whole hours by these dimensions are told by the rollups");
        });
    }

    private static List<Condition> conditions(Call call) {
        var subject = call.subject();
        return subject == null ? List.of() : List.of(Condition.is(BuiltIn.SUBJECT, subject.value()));
    }

    /** Whole hours, the running one included: they are what rollups tell. */
    private Range range(Exchange exchange) {
        var until = clock.instant().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        return new Range(until.minus(days(exchange), ChronoUnit.DAYS), until);
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

    private Reply reply(Call call, Range range, Answer.Told told) {
        var advisor = new Advisor(catalog.declarations().prices(call.organization()), clock.instant());
        var advices = told.series().stream()
                .flatMap(series -> use(series).stream())
                .map(advisor::advise)
                .toList();
        return Reply.json(Reply.OK, json -> write(json, call, range, advices));
    }

    private static Optional<ModelUse> use(Series series) {
        if (!(series.group() instanceof Series.Group.Of(var names))) {
            return Optional.empty();
        }
        var buckets = new EnumMap<Component, Long>(Component.class);
        BUCKETS.forEach((index, component) -> buckets.put(component, units(series, index)));
        boolean named = !names.get(0).isEmpty() && !names.get(1).isEmpty();
        return named
                ? Optional.of(new ModelUse(
                        names.get(0),
                        names.get(1),
                        names.get(2),
                        units(series, 1),
                        buckets,
                        new Money(units(series, 0))))
                : Optional.empty();
    }

    private static long units(Series series, int measure) {
        return series.totals().get(measure) instanceof Value.Whole(long units) ? units : 0;
    }

    private static void write(JsonGenerator json, Call call, Range range, List<Advice> advices) throws IOException {
        json.writeStartObject();
        json.writeStringField("organization", call.organization().value());
        EventJson.text(
                json, "subject", call.subject() == null ? null : call.subject().value());
        json.writeStringField("from", text(range.from()));
        json.writeStringField("to", text(range.until()));
        json.writeArrayFieldStart("operations");
        for (var advice : advices) {
            operation(json, advice);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String text(Instant at) {
        return Times.text(at);
    }

    private static void operation(JsonGenerator json, Advice advice) throws IOException {
        var use = advice.use();
        json.writeStartObject();
        json.writeStringField("provider", use.provider());
        json.writeStringField("model", use.model());
        EventJson.text(json, "feature", use.feature().isEmpty() ? null : use.feature());
        json.writeNumberField("requests", use.requests());
        json.writeStringField("cost", use.cost().toString());
        EventJson.text(
                json, "listed_cost", advice.listed().map(AmountJson::plain).orElse(null));
        cheaper(json, "cheaper_models", "model", advice.models());
        cheaper(json, "cheaper_tiers", "tier", advice.tiers());
        if (advice.cache().isPresent()) {
            var cache = advice.cache().get();
            json.writeObjectFieldStart("cache");
            json.writeNumberField("percent", cache.percent());
            json.writeStringField("saved", plain(cache.saved()));
            json.writeStringField("half_of_rest_would_save", plain(cache.halfOfRest()));
            json.writeEndObject();
        } else {
            json.writeNullField("cache");
        }
        json.writeEndObject();
    }

    private static void cheaper(JsonGenerator json, String name, String what, List<Advice.Cheaper> all)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (var each : all) {
            json.writeStartObject();
            json.writeStringField(what, each.what());
            json.writeStringField("cost", plain(each.cost()));
            json.writeStringField("saving", plain(each.saving()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String plain(BigDecimal amount) {
        return AmountJson.plain(amount);
    }
}
