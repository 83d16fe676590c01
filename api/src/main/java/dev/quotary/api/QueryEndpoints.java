package dev.quotary.api;

import dev.quotary.analytics.Analytics;
import dev.quotary.analytics.Answer;
import dev.quotary.analytics.EventPage;
import dev.quotary.analytics.EventQuery;
import dev.quotary.analytics.Question;
import dev.quotary.api.query.AnswerCsv;
import dev.quotary.api.query.AnswerJson;
import dev.quotary.api.query.Asked;
import dev.quotary.api.query.Overview;
import dev.quotary.api.query.QuestionReader;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.MeterKey;
import dev.quotary.usage.Engine;
import dev.quotary.usage.Settlements;
import io.vertx.core.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Questions about use, and the events behind the answers. */
final class QueryEndpoints {
    private static final String EVENTS = "usage-events";
    private static final String CSV = "text/csv";

    private final Optional<Analytics> analytics;
    private final Catalog catalog;
    private final CallReader calls;
    private final Settlements settlements;
    private final Optional<Corrections> corrections;
    private final InstantSource clock;

    QueryEndpoints(Engine engine, CallReader calls, ApiRuntime runtime) {
        this.analytics = runtime.analytics();
        this.catalog = engine.catalog();
        this.calls = calls;
        this.settlements = engine.settlements();
        this.corrections = runtime.corrections();
        this.clock = runtime.clock();
    }

    /** Whose use a request is about: a subject's own key asks about that subject alone. */
    Asked asked(Exchange exchange) {
        var organization = calls.organization(exchange);
        var declared = Objects.requireNonNull(
                catalog.declarations().organizations().get(organization), "it was there a moment ago");
        return new Asked(
                organization,
                declared.calendar().zone(),
                exchange.principal().key().subject(),
                clock.instant());
    }

    Analytics analytics() {
        return analytics.orElseThrow(
                () -> new ProblemException(ErrorCode.NOT_FOUND, "This server's store answers no questions."));
    }

    CompletionStage<Reply> query(Exchange exchange) {
        var reader = new QuestionReader(exchange.queried(), asked(exchange));
        reader.declaredMeter().ifPresent(this::refuse);
        var question = reader.question();
        boolean csv = exchange.header("Accept").filter(QueryEndpoints::wantsCsv).isPresent();
        return analytics().queries().ask(question).thenApply(answer -> reply(question, told(answer), csv));
    }

    private static boolean wantsCsv(String accept) {
        return accept.contains(CSV);
    }

    private void refuse(String meter) {
        boolean declared;
        try {
            declared = catalog.declarations().meters().containsKey(new MeterKey(meter));
        } catch (IllegalArgumentException _) {
            declared = false;
        }
        throw Overview.wrong(
                "meter",
                declared
                        ? "'" + meter + "' is a declared meter: ask GET /api/v1/meters/" + meter + "/query"
                        : "there is no meter '" + meter + "'");
    }

    /** The answer, if there is one. */
    static Answer.Told told(Answer answer) {
        return switch (answer) {
            case Answer.Told told -> told;
            case Answer.TooManyEvents(int eventsMax) ->
                throw new ProblemException(
                        ErrorCode.TOO_MANY_EVENTS,
                        "More than " + eventsMax + " events would have to be looked at one by one. Ask about a shorter "
                                + "time, or by provider, model, feature and subject only.");
        };
    }

    private static Reply reply(Question question, Answer.Told told, boolean csv) {
        return csv
                ? response -> response.putHeader(HttpHeaders.CONTENT_TYPE, CSV + "; charset=utf-8")
                        .end(AnswerCsv.write(question, told))
                : Reply.json(Reply.OK, json -> AnswerJson.write(json, question, told));
    }

    CompletionStage<Reply> events(Exchange exchange) {
        var asked = asked(exchange);
        var search = new QuestionReader(exchange.queried(), asked).search();
        var place = Cursors.place(exchange, EVENTS).map(QueryEndpoints::place);
        var query = new EventQuery(
                asked.organization(), search.range(), search.conditions(), place, Cursors.limit(exchange));
        boolean inside = asked.own() == null;
        var id = exchange.query("id");
        var page = id.isPresent()
                ? one(asked, search, id.get())
                : analytics().events().page(query);
        return page.thenApply(found -> Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("events");
            for (var event : found.events()) {
                EventJson.summary(json, event, inside);
            }
            json.writeEndArray();
            EventJson.text(
                    json,
                    "next_cursor",
                    found.next().map(next -> Cursors.cursor(EVENTS, text(next))).orElse(null));
            json.writeEndObject();
        }));
    }

    /** The event of an id, if it is one of those that are searched for. */
    private CompletionStage<EventPage> one(Asked asked, QuestionReader.Search search, String text) {
        var id = StatusEndpoints.eventId(text);
        return settlements
                .find(asked.organization(), id)
                .thenCompose(found -> found.filter(search::finds).isPresent()
                        ? cost(found.get())
                        : CompletableFuture.completedStage(new EventPage(List.of(), Optional.empty())));
    }

    private CompletionStage<EventPage> cost(UsageEvent event) {
        CompletionStage<List<Correction>> made = corrections.isPresent()
                ? corrections.get().corrections(event.call().organization(), event.id())
                : CompletableFuture.completedStage(List.of());
        return made.thenApply(list -> {
            var metered = list.isEmpty() ? event.metered() : list.getLast().after();
            return new EventPage(List.of(new Recorded(new Place(event.time(), 0), event, metered)), Optional.empty());
        });
    }

    /** A place as a text, in whole microseconds, which is what times are kept to. */
    private static String text(Place place) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, place.time()) + ":" + place.number();
    }

    private static Place place(String text) {
        int middle = text.indexOf(':');
        try {
            var time = Instant.EPOCH.plus(Long.parseLong(text.substring(0, Math.max(0, middle))), ChronoUnit.MICROS);
            return new Place(time, Long.parseLong(text.substring(middle + 1)));
        } catch (NumberFormatException | ArithmeticException | DateTimeException _) {
            throw Overview.wrong("cursor", "expected the 'next_cursor' of a page of this list");
        }
    }
}
