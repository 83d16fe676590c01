package dev.quotary.api;

import dev.quotary.http.ErrorCode;
import dev.quotary.http.Problem;
import dev.quotary.http.UsageHeaders;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.usage.Settlements;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Records use after the fact: one event, or a batch of them, all or none. */
final class RecordEndpoint {
    /** Of events that a batch's Idempotency-Key names by their position. */
    private static final String BATCH_SOURCE = "record batch";

    private final Settlements settlements;
    private final RecordReader reader;
    private final InstantSource clock;

    RecordEndpoint(Settlements settlements, RecordReader reader, InstantSource clock) {
        this.settlements = settlements;
        this.reader = reader;
        this.clock = clock;
    }

    CompletionStage<Reply> record(Exchange exchange) {
        var now = clock.instant();
        var batch = exchange.header("Idempotency-Key").map(key -> new RecordReader.BatchName(BATCH_SOURCE, key));
        var events = reader.read(new RecordReader.Sent(exchange, batch, now), exchange.json());
        reader.checkSubjects(events, now);
        return settlements.record(events).thenApply(answers -> reply(events, answers));
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
