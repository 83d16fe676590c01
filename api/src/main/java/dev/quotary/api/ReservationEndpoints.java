package dev.quotary.api;

import dev.quotary.call.Ids;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Fields;
import dev.quotary.http.Fingerprint;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.http.UsageHeaders;
import dev.quotary.http.Value;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.money.Money;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Engine;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Reserved;
import dev.quotary.usage.Settlements;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Check, reserve, extend, release, and looking at a reservation. */
final class ReservationEndpoints {
    private final Admissions admissions;
    private final Settlements settlements;
    private final Catalog catalog;
    private final Ids ids;
    private final CallReader calls;
    private final Costing costing;
    private final DecisionJson decisions;
    private final InstantSource clock;

    ReservationEndpoints(
            Engine engine, CallReader calls, Costing costing, DecisionJson decisions, InstantSource clock) {
        this.admissions = engine.admissions();
        this.settlements = engine.settlements();
        this.catalog = engine.catalog();
        this.ids = engine.ids();
        this.calls = calls;
        this.costing = costing;
        this.decisions = decisions;
        this.clock = clock;
    }

    Reply check(Exchange exchange) {
        var proposal = proposal(exchange);
        var checked = admissions.check(proposal);
        admissions.told(proposal.call(), checked);
        return decisions.checked(checked, exchange.compatible());
    }

    CompletionStage<Reply> reserve(Exchange exchange) {
        var proposal = proposal(exchange);
        boolean compatible = exchange.compatible();
        var first = admissions.reserve(proposal);
        return AdmissionQueue.mayWait(first)
                ? new Queueing(admissions, proposal, exchange)
                        .wait(first)
                        .thenApply(waited -> waited.map(reserved -> reserved(proposal, reserved, compatible))
                                .orElseGet(ReservationEndpoints::stopping))
                : CompletableFuture.completedStage(reserved(proposal, first, compatible));
    }

    private Reply reserved(Proposal proposal, Reserved reserved, boolean compatible) {
        admissions.told(proposal.call(), reserved);
        return decisions.reserved(reserved, Reply.CREATED, compatible);
    }

    private static Reply stopping() {
        return Reply.problem(
                ErrorCode.SERVER_STOPPING,
                "The server stops, and the call waited for room. Nothing is held; repeat it.");
    }

    private Proposal proposal(Exchange exchange) {
        var body = exchange.json();
        var fields = body.fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var name = CallReader.name(exchange, fields.find("id").orElse(null));
        var call = calls.call(exchange, organization, fields);
        var named = NamedAmounts.read(fields, catalog.declarations());
        var ttl = ttl(fields);
        var metadata = CallReader.metadata(exchange, fields.find("metadata").orElse(null));
        fields.done();
        var quantities = named.whole(
                isCall(named, call.dimensions().provider(), call.dimensions().model()), body);
        var cost = named.cost()
                .or(() ->
                        costing.cost(new Costing.Model(organization, call.dimensions(), clock.instant()), quantities));
        var amounts = new Amounts(quantities, cost.orElse(Money.ZERO));
        var id = name.map(text -> CallReader.reservation(exchange, organization, text))
                .orElseGet(ids::next);
        long fingerprint = name.isEmpty() ? Fingerprint.NONE : Contents.of(exchange, body, call);
        return new Proposal(id, call, amounts, cost.isPresent(), ttl, Hold.Origin.API, fingerprint, metadata);
    }

    /** What names a provider, a model or tokens is a request to a model, also where it does not say so. */
    static long isCall(NamedAmounts named, @Nullable String provider, @Nullable String model) {
        return provider != null || model != null || named.namesTokens() ? 1 : 0;
    }

    private static Duration ttl(Fields fields) {
        return fields.find("ttl_seconds")
                .map(value ->
                        Duration.ofSeconds(value.integer(Proposal.TTL_MIN.toSeconds(), Proposal.TTL_MAX.toSeconds())))
                .orElse(Proposal.TTL_DEFAULT);
    }

    Reply extend(Exchange exchange) {
        var body = exchange.jsonOrNothing();
        var fields = body.fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var named = NamedAmounts.read(fields, catalog.declarations());
        var ttl = ttl(fields);
        fields.done();
        var hold = held(exchange, organization, CallReader.reservationInPath(exchange, organization));
        var more = named.whole(0, body);
        var amounts =
                new Amounts(more, named.cost().orElseGet(() -> costOfMore(hold, new Amounts(more, Money.ZERO), body)));
        total(hold, amounts, body);
        return decisions.reserved(admissions.extend(hold, amounts, ttl), Reply.OK, exchange.compatible());
    }

    /** The price of all tokens less that of those held so far: prices of long prompts hold for a call as a whole. */
    private Money costOfMore(Hold hold, Amounts more, Value place) {
        var all = total(hold, more, place).quantities();
        var model = new Costing.Model(hold.call().organization(), hold.call().dimensions(), hold.admittedAt());
        var before = costing.cost(model, hold.amounts().quantities());
        var after = costing.cost(model, all);
        if (before.isEmpty() || after.isEmpty()) {
            return Money.ZERO;
        }
        return new Money(Math.max(0, after.get().picos() - before.get().picos()));
    }

    /** What would be held in all, which must stay countable and priceable. */
    private static Amounts total(Hold hold, Amounts more, Value place) {
        try {
            return place.checked(() -> {
                var all = hold.amounts().plus(more);
                Costing.tokens(all.quantities());
                return all;
            });
        } catch (ArithmeticException e) {
            throw place.wrong("expected less: the amounts are over what can be counted");
        }
    }

    Reply release(Exchange exchange) {
        var fields = exchange.jsonOrNothing().fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        fields.done();
        var id = CallReader.reservationInPath(exchange, organization);
        held(exchange, organization, id);
        if (admissions.release(organization, id).isEmpty()) {
            throw unknown();
        }
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeStringField("id", id.toString());
            json.writeBooleanField("released", true);
            json.writeEndObject();
        });
    }

    private Hold held(Exchange exchange, OrganizationKey organization, ReservationId id) {
        return admissions
                .find(organization, id)
                .filter(hold -> CallReader.mayHave(exchange, hold.call()))
                .orElseThrow(ReservationEndpoints::unknown);
    }

    static ProblemException unknown() {
        return new ProblemException(
                ErrorCode.RESERVATION_UNKNOWN, "No reservation is held under this id, and none was committed.");
    }

    CompletionStage<Reply> find(Exchange exchange) {
        var organization = calls.organization(exchange);
        var id = CallReader.reservationInPath(exchange, organization);
        var hold = admissions.find(organization, id);
        if (hold.isPresent()) {
            return CompletableFuture.completedStage(hold.filter(found -> CallReader.mayHave(exchange, found.call()))
                    .map(this::shown)
                    .orElseThrow(ReservationEndpoints::unknown));
        }
        return settlements.find(organization, id.event()).thenApply(event -> committed(exchange, id, event));
    }

    private Reply shown(Hold hold) {
        boolean expired = hold.expired(clock.instant());
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeStringField("id", hold.id().toString());
            json.writeStringField("state", expired ? "expired" : "held");
            json.writeStringField("admitted_at", Times.text(hold.admittedAt()));
            json.writeStringField("expires_at", Times.text(hold.expiresAt()));
            EventJson.call(json, hold.call());
            AmountJson.amounts(json, hold.amounts());
            json.writeEndObject();
        });
    }

    private static Reply committed(Exchange exchange, ReservationId id, Optional<UsageEvent> found) {
        var event = found.filter(recorded -> CallReader.mayHave(exchange, recorded.call()))
                .orElseThrow(ReservationEndpoints::unknown);
        return response -> {
            UsageHeaders.putEvent(response.headers(), event.id());
            Reply.json(Reply.OK, json -> {
                        json.writeStartObject();
                        json.writeStringField("id", id.toString());
                        json.writeStringField("state", "committed");
                        json.writeStringField("event_id", event.id().toString());
                        json.writeStringField("admitted_at", Times.text(event.time()));
                        EventJson.call(json, event.call());
                        AmountJson.amounts(json, event.metered().amounts());
                        json.writeEndObject();
                    })
                    .send(response);
        };
    }
}
