package dev.quotary.api;

import dev.quotary.api.otlp.GenAi;
import dev.quotary.api.otlp.OtlpJson;
import dev.quotary.api.otlp.OtlpProto;
import dev.quotary.api.otlp.Span;
import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Fingerprint;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.usage.Settlements;
import dev.quotary.usage.Use;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes traces of OpenTelemetry: spans that are calls of models become usage, priced by the price book and counted once by trace and span; all
 * others are passed over. A span that cannot be counted is told in the protocol's own way, and those beside it are recorded.
 */
final class TraceEndpoint {
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String SOURCE = "otlp";
    private static final Duration AHEAD_MAX = Duration.ofMinutes(5);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final int MESSAGE_LENGTH_MAX = 500;

    private final Settlements settlements;
    private final CallReader calls;
    private final Costing costing;
    private final InstantSource clock;

    TraceEndpoint(Settlements settlements, CallReader calls, Costing costing, InstantSource clock) {
        this.settlements = settlements;
        this.calls = calls;
        this.costing = costing;
        this.clock = clock;
    }

    CompletionStage<Reply> export(Exchange exchange) {
        var organization = calls.organization(exchange);
        var type = exchange.header("Content-Type")
                .orElse(JSON)
                .replaceFirst(";.*", "")
                .strip()
                .toLowerCase(Locale.ROOT);
        boolean protobuf = type.equals(PROTOBUF);
        if (!protobuf && !type.equals(JSON)) {
            throw new ProblemException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Expected the content type " + JSON + " or " + PROTOBUF + ".");
        }
        var spans = protobuf ? OtlpProto.spans(exchange.body()) : OtlpJson.spans(exchange.json());
        var events = new ArrayList<UsageEvent>();
        var rejected = new ArrayList<String>();
        for (var span : spans) {
            try {
                GenAi.of(span).ifPresent(used -> events.add(event(exchange, organization, span, used)));
            } catch (InvalidInputException e) {
                rejected.add(e.expected());
            } catch (ProblemException e) {
                rejected.add("span " + span.id() + ": " + e.problem().detail());
            }
        }
        var reply = reply(protobuf, rejected);
        return events.isEmpty()
                ? CompletableFuture.completedStage(reply)
                : settlements
                        .record(events)
                        .thenApply(answers -> answers.stream().anyMatch(Appended.Mismatch.class::isInstance)
                                ? Reply.problem(RecordEndpoint.mismatch(events, answers))
                                : reply);
    }

    private UsageEvent event(Exchange exchange, OrganizationKey organization, Span span, GenAi used) {
        var now = clock.instant();
        var at = Instant.ofEpochSecond(span.startNanos() / NANOS_PER_SECOND, span.startNanos() % NANOS_PER_SECOND);
        long nanos = span.endNanos() - span.startNanos();
        if (span.startNanos() <= 0 || nanos < 0 || at.isAfter(now.plus(AHEAD_MAX))) {
            throw new InvalidInputException(
                    "", 0, "span " + span.id() + ": expected it to begin after 1970 and by now, and to end afterwards");
        }
        var principal = exchange.principal();
        var subject = principal.subject(
                used.subject().or(() -> exchange.header("X-Quotary-Subject")).map(TraceEndpoint::subject));
        var call = new Call(organization, subject, principal.keyId(), used.dimensions());
        calls.requireAccount(call, now);
        var own = principal.key().subject();
        return new UsageEvent(
                own == null
                        ? EventId.named(organization, SOURCE, span.id())
                        : EventId.named(organization, own, SOURCE, span.id()),
                at,
                call,
                metered(new Costing.Model(organization, used.dimensions(), at), used),
                result(used, nanos / NANOS_PER_MILLI),
                "",
                Fingerprint.of(span.startNanos() + " " + span.endNanos() + " " + subject + " " + used));
    }

    private static SubjectKey subject(String text) {
        try {
            return new SubjectKey(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
        }
    }

    private static Result result(GenAi used, long millis) {
        return new Result(
                used.errorType().isPresent() ? Outcome.ERROR : Outcome.SUCCESS,
                used.errorType().orElse(null),
                millis,
                0,
                false);
    }

    private Metered metered(Costing.Model model, GenAi used) {
        var tokens = used.tokens();
        var quantities = Quantities.ofTokens(1, tokens.totalInput(), tokens.totalOutput());
        var use = Use.of(tokens);
        var priced = costing.priced(model, use, null);
        var cost = priced.cost().orElse(Money.ZERO);
        return new Metered(
                new Amounts(quantities, cost),
                priced.tokens(),
                priced.receipt(),
                Evidence.REPORTED,
                List.of(),
                priced.facts(model.names(null), use, cost, CostBasis.UNPRICED));
    }

    private static Reply reply(boolean protobuf, List<String> rejected) {
        var first = rejected.isEmpty() ? "" : rejected.getFirst();
        var message = first.length() > MESSAGE_LENGTH_MAX ? first.substring(0, MESSAGE_LENGTH_MAX) : first;
        return protobuf ? protobuf(rejected.size(), message) : json(rejected.size(), message);
    }

    private static Reply json(int rejected, String message) {
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            if (rejected > 0) {
                json.writeObjectFieldStart("partialSuccess");
                json.writeStringField("rejectedSpans", Integer.toString(rejected));
                json.writeStringField("errorMessage", message);
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    /** ExportTraceServiceResponse { partial_success = 1 { rejected_spans = 1, error_message = 2 } }. */
    private static Reply protobuf(int rejected, String message) {
        var body = Buffer.buffer();
        if (rejected > 0) {
            byte[] text = message.getBytes(StandardCharsets.UTF_8);
            var inner = varint(Buffer.buffer().appendByte((byte) 0x08), rejected);
            varint(inner.appendByte((byte) 0x12), text.length).appendBytes(text);
            varint(body.appendByte((byte) 0x0a), inner.length()).appendBuffer(inner);
        }
        return response -> {
            if (!response.ended() && !response.closed()) {
                response.putHeader(HttpHeaders.CONTENT_TYPE, PROTOBUF).end(body);
            }
        };
    }

    private static Buffer varint(Buffer out, int number) {
        int rest = number;
        while (rest > 0x7f) {
            out.appendByte((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        return out.appendByte((byte) rest);
    }
}
