package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.Answer;
import dev.quotary.analytics.Condition;
import dev.quotary.analytics.Dimension.BuiltIn;
import dev.quotary.analytics.Granularity;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Question;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.UsageQueries;
import dev.quotary.analytics.Value;
import dev.quotary.api.reconcile.EstimateReport;
import dev.quotary.api.reconcile.ProviderComparison;
import dev.quotary.api.reconcile.ReportFormat;
import dev.quotary.api.reconcile.ReportRow;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.EventWalk;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.money.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What was estimated against what was used, and what is recorded against what a provider reports. */
final class ReconciliationEndpoints {
    private static final int ORGANIZATIONS_MAX = 1_000;
    private static final int MODELS_MAX = 500;
    private static final int DAYS_MAX = 366;
    /** Some seconds of work. */
    private static final long EVENTS_MAX = 500_000;

    private static final long ANSWER_SECONDS_MAX = 60;
    private static final List<Measure> MEASURES =
            List.of(Measure.REQUESTS, Measure.TOKENS_INPUT, Measure.TOKENS_OUTPUT, Measure.COST);

    private final Optional<Corrections> ledger;
    private final Optional<UsageQueries> queries;
    private final Catalog catalog;
    private final CallReader calls;

    /**
     * @param ledger empty where it shows no events
     * @param queries empty where the store answers no questions
     */
    ReconciliationEndpoints(
            Optional<Corrections> ledger, Optional<UsageQueries> queries, Catalog catalog, CallReader calls) {
        this.ledger = ledger;
        this.queries = queries;
        this.catalog = catalog;
        this.calls = calls;
    }

    Reply estimates(Exchange exchange) {
        var source = ledger.orElseThrow(
                () -> new ProblemException(ErrorCode.NOT_FOUND, "The ledger of this server shows no events."));
        var organization = calls.organization(exchange);
        var from = exchange.moment("from");
        var until = exchange.moment("to");
        if (!from.isBefore(until)) {
            throw InvalidInputException.inQuery("to", "expected a time after 'from'");
        }
        var report = new EstimateReport();
        var query = new Corrections.Query(
                organization,
                from,
                until,
                exchange.query("provider"),
                exchange.query("model"),
                Corrections.Place.START,
                Corrections.BATCH_MAX);
        if (!EventWalk.through(source, query, EVENTS_MAX, report::add)) {
            throw new InvalidInputException(
                    "", 0, "expected a stretch of at most " + EVENTS_MAX + " events; ask about a shorter one");
        }
        return Reply.json(Reply.OK, json -> write(json, organization, report));
    }

    private static void write(JsonGenerator json, OrganizationKey organization, EstimateReport report)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("organization", organization.value());
        json.writeArrayFieldStart("lines");
        for (var line : report.lines()) {
            json.writeStartObject();
            json.writeStringField("day", line.day().toString());
            json.writeStringField("provider", line.provider());
            json.writeStringField("model", line.model());
            json.writeNumberField("events", line.events());
            json.writeNumberField("over_estimate", line.over());
            json.writeNumberField("estimated_tokens", line.estimatedTokens());
            json.writeNumberField("tokens", line.tokens());
            json.writeStringField("estimated_cost", AmountJson.plain(line.estimatedCost()));
            json.writeStringField("cost", AmountJson.plain(line.cost()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    Reply provider(Exchange exchange) {
        var source = queries.orElseThrow(
                () -> new ProblemException(ErrorCode.NOT_FOUND, "This server answers no questions about use."));
        var format = exchange.query("format")
                .flatMap(ReportFormat::ofKey)
                .orElseThrow(
                        () -> new InvalidInputException(
                                "",
                                0,
                                "expected query parameter 'format' to be openai-usage, openai-costs, anthropic-usage or anthropic-costs"));
        var organizations = organizations(exchange);
        var provider = exchange.query("provider").orElse(format.provider());
        var comparison = new ProviderComparison();
        format.read(exchange.json()).forEach(comparison::theirs);
        var first = comparison.firstDay();
        var last = comparison.lastDay();
        if (first.isPresent() && last.isPresent()) {
            var range = range(first.get(), last.get());
            for (var organization : organizations) {
                ours(source, question(organization, range, provider), comparison);
            }
        }
        return Reply.json(Reply.OK, json -> write(json, format, provider, comparison));
    }

    private static Range range(LocalDate first, LocalDate last) {
        if (first.plusDays(DAYS_MAX).isBefore(last)) {
            throw new InvalidInputException("", 0, "expected a report of at most " + DAYS_MAX + " days");
        }
        return new Range(
                first.atStartOfDay(ZoneOffset.UTC).toInstant(),
                last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** A provider bills an account, which may serve all organizations. */
    private List<OrganizationKey> organizations(Exchange exchange) {
        boolean all = exchange.principal().key().organization() == null && calls.namesNoOrganization(exchange);
        if (!all) {
            return List.of(calls.organization(exchange));
        }
        var declared = catalog.declarations().organizations().keySet();
        if (declared.size() > ORGANIZATIONS_MAX) {
            throw new InvalidInputException(
                    "", 0, "expected query parameter 'organization': there are more than " + ORGANIZATIONS_MAX);
        }
        return List.copyOf(declared);
    }

    private static Question question(OrganizationKey organization, Range range, String provider) {
        return Question.of(organization, range, MEASURES)
                .by(Granularity.DAY, ZoneOffset.UTC)
                .by(List.of(BuiltIn.MODEL), MODELS_MAX)
                .where(List.of(Condition.is(BuiltIn.PROVIDER, provider)));
    }

    private static void ours(UsageQueries source, Question question, ProviderComparison comparison) {
        if (!(answer(source, question) instanceof Answer.Told told)) {
            throw new IllegalStateException("whole days by model are told by the rollups");
        }
        for (var series : told.series()) {
            var model = series.group() instanceof Series.Group.Of(var values) ? values.getFirst() : "(others)";
            for (var cell : series.cells()) {
                var day = LocalDate.ofInstant(told.buckets().get(cell.bucket()).from(), ZoneOffset.UTC);
                comparison.ours(row(day, model, cell.values()));
            }
        }
    }

    private static Answer answer(UsageQueries source, Question question) {
        try {
            return source.ask(question)
                    .toCompletableFuture()
                    .orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreUnavailableException unavailable
                    ? unavailable
                    : new StoreUnavailableException("reading sums for a comparison", e.getCause());
        }
    }

    private static ReportRow row(LocalDate day, String model, List<Value> values) {
        var counts = new ReportRow.Counts(Optional.of(units(values, 0)), units(values, 1), units(values, 2));
        return new ReportRow(day, model, Optional.of(counts), Optional.of(new Money(units(values, 3)).dollars()));
    }

    private static long units(List<Value> values, int index) {
        return values.get(index) instanceof Value.Whole(long units) ? units : 0;
    }

    private static void write(JsonGenerator json, ReportFormat format, String provider, ProviderComparison comparison)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("format", format.key());
        json.writeStringField("provider", provider);
        json.writeArrayFieldStart("lines");
        for (var line : comparison.lines()) {
            json.writeStartObject();
            json.writeStringField("day", line.day().toString());
            EventJson.text(json, "model", line.model().isEmpty() ? null : line.model());
            if (format.costs()) {
                costs(json, line);
            } else {
                counts(json, line);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void counts(JsonGenerator json, ProviderComparison.Line line) throws IOException {
        var theirs = line.theirs().flatMap(ReportRow::counts);
        var ours = line.ours().flatMap(ReportRow::counts);
        side(json, "reported", theirs);
        side(json, "recorded", ours);
        var none = new ReportRow.Counts(Optional.of(0L), 0, 0);
        var their = theirs.orElse(none);
        var our = ours.orElse(none);
        side(
                json,
                "difference",
                Optional.of(new ReportRow.Counts(
                        their.requests().flatMap(requests -> our.requests().map(own -> requests - own)),
                        their.input() - our.input(),
                        their.output() - our.output())));
    }

    private static void side(JsonGenerator json, String name, Optional<ReportRow.Counts> counts) throws IOException {
        if (counts.isEmpty()) {
            json.writeNullField(name);
            return;
        }
        json.writeObjectFieldStart(name);
        if (counts.get().requests().isPresent()) {
            json.writeNumberField("requests", counts.get().requests().get());
        } else {
            json.writeNullField("requests");
        }
        json.writeNumberField("tokens.input", counts.get().input());
        json.writeNumberField("tokens.output", counts.get().output());
        json.writeEndObject();
    }

    private static void costs(JsonGenerator json, ProviderComparison.Line line) throws IOException {
        var theirs = line.theirs().flatMap(ReportRow::cost);
        var ours = line.ours().flatMap(ReportRow::cost);
        EventJson.text(json, "reported_cost", theirs.map(AmountJson::plain).orElse(null));
        EventJson.text(json, "recorded_cost", ours.map(AmountJson::plain).orElse(null));
        EventJson.text(
                json,
                "cost_difference",
                AmountJson.plain(theirs.orElse(BigDecimal.ZERO).subtract(ours.orElse(BigDecimal.ZERO))));
    }
}
