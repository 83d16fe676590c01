package dev.quotary.api;

import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.MeterQueries;
import dev.quotary.analytics.MeterQuestion;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.analytics.forecast.DailyUse;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Aggregation;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The use of a meter, day by day, of whom a limit counts. */
final class DailySeries {
    private final Optional<UsageQueries> queries;
    private final Optional<MeterQueries> meters;
    private final Catalog catalog;

    /**
     * @param queries empty where the store answers no questions
     * @param meters empty where it tells nothing of declared meters
     */
    DailySeries(Optional<UsageQueries> queries, Optional<MeterQueries> meters, Catalog catalog) {
        this.queries = queries;
        this.meters = meters;
        this.catalog = catalog;
    }

    /** Whose use of what. */
    record Of(OrganizationKey organization, MeterKey meter, Scope scope, String scopeValue, Filter filter) {}

    DailyUse of(Of what) {
        var conditions = conditions(what);
        if (!what.meter().builtIn()) {
            return declared(what, conditions);
        }
        var source = queries.orElseThrow(DailySeries::none);
        var measure = Measure.ofKey(what.meter().value()).orElseThrow();
        return (range, zone) -> source.ask(Question.of(what.organization(), range, List.of(measure))
                .by(Granularity.DAY, zone)
                .where(conditions));
    }

    private static ProblemException none() {
        return new ProblemException(ErrorCode.NOT_FOUND, "This server answers no questions about use.");
    }

    /** Only what adds up over days can be forecast as the sum of days. */
    private DailyUse declared(Of what, List<Condition> conditions) {
        var source = meters.orElseThrow(DailySeries::none);
        var aggregation = Optional.ofNullable(catalog.declarations().meters().get(what.meter()))
                .map(Meter::aggregation)
                .filter(how -> how == Aggregation.SUM || how == Aggregation.COUNT)
                .orElseThrow(() -> new InvalidInputException(
                        "",
                        0,
                        "expected a built-in meter, or a declared one of aggregation sum or count, was '" + what.meter()
                                + "'"));
        return (range, zone) -> source.ask(MeterQuestion.of(what.organization(), what.meter(), aggregation, range)
                .by(Granularity.DAY, zone)
                .where(conditions));
    }

    private static List<Condition> conditions(Of what) {
        var conditions = new ArrayList<Condition>();
        scope(what).ifPresent(dimension -> conditions.add(Condition.is(dimension, what.scopeValue())));
        what.filter()
                .patterns()
                .forEach((name, pattern) -> conditions.add(new Condition(Dimension.ofKey(name), List.of(pattern))));
        return conditions;
    }

    private static Optional<Dimension> scope(Of what) {
        return switch (what.scope()) {
            case ORGANIZATION -> Optional.empty();
            case SUBJECT -> Optional.of(BuiltIn.SUBJECT);
            case KEY -> Optional.of(BuiltIn.API_KEY);
            case SESSION -> Optional.of(BuiltIn.SESSION);
            case WORKFLOW -> Optional.of(BuiltIn.WORKFLOW);
            case NETWORK ->
                throw new InvalidInputException("", 0, "expected a limit of another scope than a visitor's network");
        };
    }
}
