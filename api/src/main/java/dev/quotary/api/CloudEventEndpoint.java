package dev.quotary.api;

import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Value;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.usage.Settlements;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes CloudEvents in all three modes: one (structured), a batch, and one whose attributes are headers (binary). All of a request or none;
 * answered when durable. What a declared meter reads in them counts as a record does.
 */
final class CloudEventEndpoint {
    private static final String ONE = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String JSON = "application/json";
    private static final String PREFIX = "ce-";
    private static final List<String> ATTRIBUTES = List.of("specversion", "id", "source", "type", "subject", "time");

    private final Settlements settlements;
    private final CallReader calls;
    private final EventReading reading;

    CloudEventEndpoint(Settlements settlements, CallReader calls, EventReading reading) {
        this.settlements = settlements;
        this.calls = calls;
        this.reading = reading;
    }

    CompletionStage<Reply> ingest(Exchange exchange) {
        var organization = calls.organization(exchange);
        var items = items(exchange);
        if (items.size() > Ledger.BATCH_MAX) {
            throw new InvalidInputException(
                    "", 0, "expected at most " + Ledger.BATCH_MAX + " events, was " + items.size());
        }
        if (items.isEmpty()) {
            return CompletableFuture.completedStage(done());
        }
        var principal = exchange.principal();
        var reporter = new EventReading.Reporter(
                organization, principal.keyId(), principal.key().subject());
        var events = reading.read(reporter, items);
        return settlements.record(events).thenApply(answers -> reply(events, answers));
    }

    static Reply reply(List<UsageEvent> sent, List<Appended> answers) {
        return answers.stream().anyMatch(Appended.Mismatch.class::isInstance)
                ? Reply.problem(RecordEndpoint.mismatch(sent, answers))
                : done();
    }

    static Reply done() {
        return response -> {
            if (!response.ended() && !response.closed()) {
                response.setStatusCode(Reply.NO_CONTENT).end();
            }
        };
    }

    private static List<Value> items(Exchange exchange) {
        var header = exchange.header("Content-Type").orElse(JSON);
        var type = header.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        return switch (type) {
            case ONE -> List.of(exchange.json());
            case BATCH -> exchange.json().items();
            case JSON ->
                exchange.header(PREFIX + "specversion").isPresent()
                        ? List.of(binary(exchange))
                        : exchange.json().oneOrMany();
            default ->
                throw new ProblemException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "Expected the content type " + ONE + ", " + BATCH + " or " + JSON + ".");
        };
    }

    /** The same event as in structured mode, so that a repeat may come in another mode. */
    private static Value binary(Exchange exchange) {
        var event = Documents.json("{}");
        for (var attribute : ATTRIBUTES) {
            var header = exchange.header(PREFIX + attribute);
            if (header.isPresent()) {
                event = event.with(attribute, Documents.text(decoded(attribute, header.get())));
            } else if (!attribute.equals("time")) {
                throw new InvalidInputException("", 0, "expected a header " + PREFIX + attribute);
            }
        }
        return exchange.body().length == 0 ? event : event.with("data", exchange.json());
    }

    private static String decoded(String attribute, String header) {
        try {
            return URLDecoder.decode(header.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "",
                    0,
                    "expected the header " + PREFIX + attribute + " to be percent-encoded, was '" + header + "'");
        }
    }
}
