package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.Range;
import dev.quotary.analytics.ReportedEvents;
import dev.quotary.call.SubjectKey;
import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.ledger.UsageEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Lists what was reported as CloudEvents, the newest first, in OpenMeter's shape. */
final class ReportedEventsEndpoint {
    /** What is shown where nobody says from when. */
    private static final Duration BACK = Duration.ofDays(3);

    private static final Duration AHEAD = Duration.ofMinutes(6);
    private static final Instant FIRST = Instant.EPOCH;

    private final Optional<Reported> reported;
    private final CallReader calls;
    private final InstantSource clock;

    /** @param reported empty where the store does not show them */
    ReportedEventsEndpoint(Optional<Reported> reported, CallReader calls, InstantSource clock) {
        this.reported = reported;
        this.calls = calls;
        this.clock = clock;
    }

    CompletionStage<Reply> list(Exchange exchange) {
        var events = reported.orElseThrow(
                        () -> new ProblemException(ErrorCode.NOT_FOUND, "The store of this server shows no events."))
                .events();
        return events.newest(query(exchange))
                .thenApply(found -> Reply.json(Reply.OK, json -> {
                    json.writeStartArray();
                    for (var event : found) {
                        write(json, event);
                    }
                    json.writeEndArray();
                }));
    }

    private ReportedEvents.Query query(Exchange exchange) {
        var organization = calls.organization(exchange);
        // Clocks of senders may be ahead.
        var until = time(exchange, "to").orElseGet(() -> clock.instant().plus(AHEAD));
        var from = time(exchange, "from").orElseGet(() -> until.minus(BACK));
        var receivedFrom = time(exchange, "ingestedAtFrom");
        var receivedUntil = time(exchange, "ingestedAtTo");
        var subject = exchange.query("subject");
        try {
            return new ReportedEvents.Query(
                    organization,
                    new Range(from, until),
                    receivedFrom.isEmpty() && receivedUntil.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Range(
                                    receivedFrom.orElse(FIRST),
                                    receivedUntil.orElseGet(
                                            () -> clock.instant().plus(AHEAD)))),
                    subject.map(SubjectKey::new),
                    exchange.query("id"),
                    exchange.query("limit").map(ReportedEventsEndpoint::count).orElse(ReportedEvents.COUNT_MAX));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
        }
    }

    private static int count(String text) {
        if (!text.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                    "expected query parameter 'limit' of 1.." + ReportedEvents.COUNT_MAX + ", was '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Optional<Instant> time(Exchange exchange, String name) {
        return exchange.query(name).map(text -> {
            try {
                return Documents.text(text).instant();
            } catch (InvalidInputException e) {
                throw InvalidInputException.inQuery(name, e.expected());
            }
        });
    }

    private static void write(JsonGenerator json, UsageEvent event) throws IOException {
        var origin = event.origin().orElseThrow();
        var subject = event.call().subject();
        json.writeStartObject();
        json.writeObjectFieldStart("event");
        json.writeStringField("specversion", "1.0");
        json.writeStringField("id", origin.name());
        json.writeStringField("source", origin.source());
        json.writeStringField("type", origin.type());
        json.writeStringField("subject", subject == null ? "" : subject.value());
        json.writeStringField("time", Times.text(event.time()));
        json.writeStringField("datacontenttype", "application/json");
        json.writeFieldName("data");
        json.writeRawValue(event.metadata().isEmpty() ? "null" : event.metadata());
        json.writeEndObject();
        json.writeStringField("ingestedAt", Times.text(origin.receivedAt()));
        json.writeStringField("storedAt", Times.text(origin.receivedAt()));
        json.writeEndObject();
    }
}
