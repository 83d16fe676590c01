package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.call.Dimensions;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Fields;
import dev.quotary.http.UsageHeaders;
import dev.quotary.http.Value;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Commitment;
import dev.quotary.usage.Engine;
import dev.quotary.usage.Settled;
import dev.quotary.usage.Settlements;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Settles reservations with what was used. */
final class CommitEndpoint {
    private final Admissions admissions;
    private final Settlements settlements;
    private final CallReader calls;
    private final UsageReader usage;

    CommitEndpoint(Engine engine, CallReader calls, UsageReader usage) {
        this.admissions = engine.admissions();
        this.settlements = engine.settlements();
        this.calls = calls;
        this.usage = usage;
    }

    /** What a commit says beside the amounts: dimensions that are known only now. */
    private record Turned(Optional<String> provider, Optional<String> model, Map<String, String> others) {
        static Turned read(Fields fields) {
            return new Turned(
                    fields.string("provider"),
                    fields.string("model"),
                    fields.find("dimensions").map(Value::texts).orElse(Map.of()));
        }

        Dimensions over(Dimensions base) {
            var all = new HashMap<>(base.others());
            all.putAll(others);
            return new Dimensions(
                    provider.orElse(base.provider()),
                    model.orElse(base.model()),
                    base.feature(),
                    base.session(),
                    base.workflow(),
                    all);
        }
    }

    CompletionStage<Reply> commit(Exchange exchange) {
        var body = exchange.jsonOrNothing();
        var fields = body.fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var said = usage.read(body, fields);
        var turned = Turned.read(fields);
        var metadata = CallReader.metadata(exchange, fields.find("metadata").orElse(null));
        fields.done();
        long fingerprint = Contents.of(exchange, body.without("organization"));
        var id = CallReader.reservationInPath(exchange, organization);
        var found = admissions.find(organization, id);
        if (found.isEmpty()) {
            return settlements.repeated(organization, id, fingerprint).thenApply(settled -> reply(exchange, settled));
        }
        var hold = found.filter(held -> CallReader.mayHave(exchange, held.call()))
                .orElseThrow(ReservationEndpoints::unknown);
        var dimensions = body.checked(() -> turned.over(hold.call().dimensions()));
        var model = usage.told(said, new Costing.Model(hold.call().organization(), dimensions, hold.admittedAt()));
        var metered = usage.settled(said, hold.amounts(), model);
        var commitment = new Commitment(
                metered, said.resultAfter(hold.queueWaitMillis()), model.dimensions(), metadata, fingerprint);
        return settlements.commit(hold, commitment).thenApply(settled -> {
            giveBack(hold, settled);
            return reply(exchange, settled);
        });
    }

    /**
     * Nothing is held beside a use that was recorded before: where ids of settled reservations are forgotten in a restart, one of them may
     * be reserved once more. A limiter in the database forgets none.
     */
    private void giveBack(Hold hold, Settled settled) {
        boolean before = switch (settled) {
            case Settled.Done done -> done.repeated();
            case Settled.Mismatch _ -> true;
            case Settled.Unknown _ -> false;
        };
        if (before && admissions.immediate()) {
            var _ = admissions.release(hold.call().organization(), hold.id());
        }
    }

    private static Reply reply(Exchange exchange, Settled settled) {
        return switch (settled) {
            case Settled.Done done
            when CallReader.mayHave(exchange, done.event().call()) -> done(done);
            case Settled.Done _, Settled.Unknown _ -> throw ReservationEndpoints.unknown();
            case Settled.Mismatch _ ->
                Reply.problem(
                        ErrorCode.IDEMPOTENCY_MISMATCH, "This reservation was committed before, with other content.");
        };
    }

    private static Reply done(Settled.Done done) {
        var event = done.event();
        var metered = event.metered();
        return response -> {
            UsageHeaders.putEvent(response.headers(), event.id());
            UsageHeaders.putCost(response.headers(), metered.amounts().cost());
            Reply.json(Reply.OK, json -> {
                        json.writeStartObject();
                        json.writeStringField("event_id", event.id().toString());
                        AmountJson.amounts(json, metered.amounts());
                        estimate(json, event.estimate());
                        json.writeBooleanField("late", event.result().late());
                        json.writeFieldName("receipt");
                        if (metered.receipt().isPresent()) {
                            AmountJson.receipt(json, metered.receipt().get());
                        } else {
                            json.writeNull();
                        }
                        json.writeEndObject();
                    })
                    .send(response);
        };
    }

    private static void estimate(JsonGenerator json, Optional<Amounts> estimate) throws IOException {
        if (estimate.isEmpty()) {
            json.writeNullField("estimate");
            return;
        }
        json.writeObjectFieldStart("estimate");
        AmountJson.amounts(json, estimate.get());
        json.writeEndObject();
    }
}
