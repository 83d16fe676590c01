package dev.quotary.api;

import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import dev.quotary.call.Ids;
import dev.quotary.call.OrganizationKey;
import dev.quotary.http.Fields;
import dev.quotary.http.Fingerprint;
import dev.quotary.http.Value;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads records of use, which a caller reports after the fact, as events of the ledger. */
final class RecordReader {
    /** Clocks of senders may be this far ahead. */
    private static final Duration AHEAD_MAX = Duration.ofMinutes(5);

    private static final String SOURCE = "record";

    private final Ids ids;
    private final CallReader calls;
    private final UsageReader usage;

    RecordReader(Ids ids, CallReader calls, UsageReader usage) {
        this.ids = ids;
        this.calls = calls;
        this.usage = usage;
    }

    /**
     * What records take from what they are sent with.
     *
     * @param batch names those that their sender does not name; empty where they are new ones
     * @param at the time of those that name none
     */
    record Sent(Exchange exchange, Optional<BatchName> batch, Instant at) {}

    /**
     * The name of a batch, which is also the name of each record in it, by its position.
     *
     * @param source keeps such names apart from others
     */
    record BatchName(String source, String name) {}

    /**
     * The events of a body, which are of one organization.
     *
     * @param body one record, or a list of them
     */
    List<UsageEvent> read(Sent sent, Value body) {
        var items = body.oneOrMany();
        if (items.isEmpty() || items.size() > Ledger.BATCH_MAX) {
            throw body.wrong("expected 1.." + Ledger.BATCH_MAX + " records, was " + items.size());
        }
        var events = new ArrayList<UsageEvent>(items.size());
        for (int i = 0; i < items.size(); i++) {
            events.add(event(sent, items.get(i), body.isList() ? i : -1));
            if (!events.get(i)
                    .call()
                    .organization()
                    .equals(events.getFirst().call().organization())) {
                throw items.get(i).wrong("expected all records of one request to be of one organization");
            }
        }
        return events;
    }

    /** @throws dev.quotary.http.ProblemException if the organization of an event does not take its subject */
    void checkSubjects(List<UsageEvent> events, Instant now) {
        events.forEach(event -> calls.requireAccount(event.call(), now));
    }

    private UsageEvent event(Sent sent, Value item, int position) {
        var exchange = sent.exchange();
        var fields = item.fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var call = calls.call(exchange, organization, fields);
        var time = fields.find("time").map(value -> time(value, sent.at())).orElse(sent.at());
        var said = usage.read(item, fields);
        var metadata = CallReader.metadata(exchange, fields.find("metadata").orElse(null));
        var id = id(sent, organization, fields, position);
        fields.done();
        var model = usage.told(said, new Costing.Model(organization, call.dimensions(), time));
        var metered = usage.recorded(said, model);
        // Every field of an unnamed event is new with it, so nothing is there to be told apart from.
        long fingerprint = id.isPresent() ? Contents.of(exchange, item, call) : Fingerprint.NONE;
        return new UsageEvent(
                id.orElseGet(() -> ids.next().event()),
                time,
                new Call(organization, call.subject(), call.key(), model.dimensions()),
                metered,
                said.result(),
                metadata,
                fingerprint);
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
    private static Optional<EventId> id(Sent sent, OrganizationKey organization, Fields fields, int position) {
        var exchange = sent.exchange();
        var member = fields.find("id").orElse(null);
        var source = fields.string("source").orElse(SOURCE);
        if (position < 0) {
            return CallReader.name(exchange, member).map(name -> named(exchange, organization, source, name));
        }
        if (member != null) {
            return Optional.of(named(exchange, organization, source, member.string()));
        }
        return sent.batch().map(batch -> named(exchange, organization, batch.source(), batch.name() + "/" + position));
    }

    private static EventId named(Exchange exchange, OrganizationKey organization, String source, String name) {
        var subject = exchange.principal().key().subject();
        return subject != null
                ? EventId.named(organization, subject, source, name)
                : EventId.named(organization, source, name);
    }
}
