package dev.quotary.api;

import dev.quotary.call.EventId;
import dev.quotary.call.Ids;
import dev.quotary.call.OrganizationKey;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Fields;
import dev.quotary.http.Fingerprint;
import dev.quotary.http.Problem;
import dev.quotary.http.UsageHeaders;
import dev.quotary.http.Value;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.usage.Engine;
import dev.quotary.usage.Settlements;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Records use after the fact: one event, or a batch of them, all or none. */
final class RecordEndpoint {
    /** Clocks of senders may be this far ahead. */
    private static final Duration AHEAD_MAX = Duration.ofMinutes(5);

    private static final String SOURCE = "record";
    /** Of events that a batch's Idempotency-Key names by their position. */
    private static final String BATCH_SOURCE = "record batch";

    private final Settlements settlements;
    private final Ids ids;
    private final CallReader calls;
    private final UsageReader usage;
    private final InstantSource clock;

    RecordEndpoint(Engine engine, CallReader calls, UsageReader usage, InstantSource clock) {
        this.settlements = engine.settlements();
        this.ids = engine.ids();
        this.calls = calls;
        this.usage = usage;
        this.clock = clock;
    }

    CompletionStage<Reply> record(Exchange exchange) {
        var body = exchange.json();
        var items = body.oneOrMany();
        if (items.isEmpty() || items.size() > Ledger.BATCH_MAX) {
            throw body.wrong("expected 1.." + Ledger.BATCH_MAX + " records, was " + items.size());
        }
        var events = new ArrayList<UsageEvent>(items.size());
        for (int i = 0; i < items.size(); i++) {
            events.add(event(exchange, items.get(i), body.isList() ? i : -1));
            if (!events.get(i)
                    .call()
                    .organization()
                    .equals(events.getFirst().call().organization())) {
                throw items.get(i).wrong("expected all records of one request to be of one organization");
            }
        }
        return settlements.record(events).thenApply(answers -> reply(events, answers));
    }

    private UsageEvent event(Exchange exchange, Value item, int position) {
        var fields = item.fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var call = calls.call(exchange, organization, fields);
        var now = clock.instant();
        var time = fields.find("time").map(value -> time(value, now)).orElse(now);
        var said = usage.read(item, fields);
        var metadata = CallReader.metadata(exchange, fields.find("metadata").orElse(null));
        var id = id(exchange, organization, fields, position);
        fields.done();
        calls.requireAccount(call, now);
        var metered = usage.recorded(said, new Costing.Model(call.organization(), call.dimensions(), time));
        // Every field of an unnamed event is new with it, so nothing is there to be told apart from.
        long fingerprint = id.isPresent() ? Contents.of(exchange, item, call) : Fingerprint.NONE;
        return new UsageEvent(
                id.orElseGet(() -> ids.next().event()), time, call, metered, said.result(), metadata, fingerprint);
    }

    private static Instant time(Value value, Instant now) {
        return time(value, value.instant(), now);
    }

    /** A time that an event may have. */
    static Instant time(Value value, Instant time, Instant now) {
        if (time.isBefore(Instant.EPOCH) || time.isAfter(now.plus(AHEAD_MAX))) {
            throw value.wrong(
                    "expected a time between 1970 and " + AHEAD_MAX.toMinutes() + " minutes from now, was " + time);
        }
        return time;
    }

    /** The id of an event that its sender named; empty for others. */
    private static Optional<EventId> id(Exchange exchange, OrganizationKey organization, Fields fields, int position) {
        var member = fields.find("id").orElse(null);
        var source = fields.string("source").orElse(SOURCE);
        if (position < 0) {
            return CallReader.name(exchange, member).map(name -> named(exchange, organization, source, name));
        }
        if (member != null) {
            return Optional.of(named(exchange, organization, source, member.string()));
        }
        return exchange.header("Idempotency-Key")
                .map(key -> named(exchange, organization, BATCH_SOURCE, key + "/" + position));
    }

    private static EventId named(Exchange exchange, OrganizationKey organization, String source, String name) {
        var principal = exchange.principal();
        var subject = principal.key().subject();
        return subject != null
                ? EventId.named(organization, subject, source, name)
                : EventId.named(organization, source, name);
    }

    private static Reply reply(List<UsageEvent> sent, List<Appended> answers) {
        if (answers.stream().anyMatch(Appended.Mismatch.class::isInstance)) {
            return Reply.problem(mismatch(sent, answers));
        }
        long duplicates =
                answers.stream().filter(Appended.Duplicate.class::isInstance).count();
        return response -> {
            if (answers.size() == 1) {
                var event = answers.getFirst().event();
                UsageHeaders.putEvent(response.headers(), event.id());
                UsageHeaders.putCost(
                        response.headers(), event.metered().amounts().cost());
            }
            Reply.json(Reply.OK, json -> {
                        json.writeStartObject();
                        json.writeNumberField("recorded", answers.size() - duplicates);
                        json.writeNumberField("duplicates", duplicates);
                        json.writeArrayFieldStart("events");
                        for (var answer : answers) {
                            json.writeStartObject();
                            json.writeStringField("id", answer.event().id().toString());
                            json.writeStringField(
                                    "cost",
                                    answer.event().metered().amounts().cost().toString());
                            json.writeBooleanField("duplicate", answer instanceof Appended.Duplicate);
                            json.writeEndObject();
                        }
                        json.writeEndArray();
                        json.writeEndObject();
                    })
                    .send(response);
        };
    }

    /** Where one entry does not match none is recorded, so all answer a mismatch; the guilty one is that whose content differs. */
    static Problem mismatch(List<UsageEvent> sent, List<Appended> answers) {
        int guilty = 0;
        while (guilty < sent.size() - 1
                && answers.get(guilty).event().fingerprint() == sent.get(guilty).fingerprint()) {
            guilty++;
        }
        var pointer = "/" + guilty;
        var event = sent.get(guilty).id().toString();
        return new Problem(
                ErrorCode.IDEMPOTENCY_MISMATCH,
                ErrorCode.IDEMPOTENCY_MISMATCH.status(),
                "Event " + event + " was recorded before, with other content. Nothing of this request was recorded.",
                json -> {
                    json.writeStringField("event_id", event);
                    if (sent.size() > 1) {
                        json.writeStringField("pointer", pointer);
                    }
                });
    }
}
