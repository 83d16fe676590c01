package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.query.Moments;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Fields;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.http.Value;
import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.usage.Repricing;
import dev.quotary.usage.RepricingStep;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Prices recorded events anew, a bounded number of them per request. */
final class RepriceEndpoint {
    /** Some seconds of work; whoever asks goes on with what the answer says comes next. */
    private static final int EVENTS_MAX = 10_000;

    private final Optional<Repricing> repricing;
    private final Catalog catalog;
    private final Noting noting;

    /** @param repricing empty where the ledger makes no corrections */
    RepriceEndpoint(Optional<Repricing> repricing, Catalog catalog, Noting noting) {
        this.noting = noting;
        this.repricing = repricing;
        this.catalog = catalog;
    }

    Reply reprice(Exchange exchange) {
        var body = exchange.json();
        var fields = body.fields();
        var own = exchange.principal().key().organization();
        var named = fields.find("organization").map(value -> value.as(OrganizationKey::new));
        if (own != null && named.isPresent() && !named.get().equals(own)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "The key belongs to another organization.");
        }
        var from = fields.need("from").as(Moments::of);
        var until = fields.need("to").as(Moments::of);
        if (!from.isBefore(until)) {
            throw fields.need("to").wrong("expected an instant after 'from'");
        }
        var reason = fields.string("reason").orElse("");
        if (reason.length() > Correction.REASON_LENGTH_MAX) {
            throw fields.need("reason").wrong("expected at most " + Correction.REASON_LENGTH_MAX + " characters");
        }
        var order = new Repricing.Order(
                named.or(() -> Optional.ofNullable(own)),
                from,
                until,
                fields.string("provider"),
                fields.string("model"),
                fields.find("dry_run").map(Value::bool).orElse(false),
                exchange.principal().key().id().value(),
                reason);
        var after = fields.find("after").map(RepriceEndpoint::cursor);
        fields.done();
        catalog.freshness().catchUp();
        var step = step(order, after);
        if (!order.dryRun() && !step.sums().isEmpty()) {
            var whose = order.organization().map(OrganizationKey::value).orElse("");
            var object = new CatalogStore.Name("events", whose, Times.text(from) + "/" + Times.text(until));
            noting.done(exchange, object, AuditEntry.Action.REPRICED, json -> write(json, order, step));
        }
        return Reply.json(Reply.OK, json -> write(json, order, step));
    }

    private RepricingStep step(Repricing.Order order, Optional<Repricing.Cursor> after) {
        var repricer = repricing.orElseThrow(
                () -> new ProblemException(ErrorCode.NOT_FOUND, "This server's ledger makes no corrections."));
        try {
            return repricer.step(order, after, EVENTS_MAX);
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreUnavailableException unavailable
                    ? unavailable
                    : new StoreUnavailableException("pricing events anew", e.getCause());
        }
    }

    private static Repricing.Cursor cursor(Value value) {
        var fields = value.fields();
        var cursor = new Repricing.Cursor(fields.need("organization").as(OrganizationKey::new), place(fields));
        fields.done();
        return cursor;
    }

    private static Place place(Fields fields) {
        return new Place(
                fields.need("time").as(Moments::of), fields.need("number").integer(0, Long.MAX_VALUE));
    }

    private static void write(JsonGenerator json, Repricing.Order order, RepricingStep step) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("dry_run", order.dryRun());
        json.writeNumberField("events", step.events());
        json.writeNumberField("named_by_others", step.eventsNamedByOthers());
        json.writeNumberField("unpriced", step.eventsUnpriced());
        json.writeNumberField("overtaken", step.eventsOvertaken());
        json.writeArrayFieldStart("corrected");
        for (var sum : step.sums()) {
            json.writeStartObject();
            json.writeStringField("organization", sum.organization().value());
            json.writeStringField("provider", sum.provider());
            json.writeStringField("model", sum.model());
            json.writeNumberField("events", sum.events());
            json.writeStringField("before", AmountJson.plain(sum.before()));
            json.writeStringField("after", AmountJson.plain(sum.after()));
            json.writeStringField("difference", AmountJson.plain(sum.after().subtract(sum.before())));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeFieldName("next");
        if (step.next().isPresent()) {
            var next = step.next().get();
            json.writeStartObject();
            json.writeStringField("organization", next.organization().value());
            json.writeStringField("time", Times.text(next.place().time()));
            json.writeNumberField("number", next.place().number());
            json.writeEndObject();
        } else {
            json.writeNull();
        }
        json.writeEndObject();
    }
}
