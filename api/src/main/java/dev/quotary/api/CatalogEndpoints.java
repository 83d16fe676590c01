package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.declare.Applied;
import dev.quotary.api.declare.ApplyOrder;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.InUseException;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Kind;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** What operators declare: applying files, reading it back, blocking subjects. */
final class CatalogEndpoints {
    private final Declaring declaring;
    private final SubjectThing thing;
    private final ThingEndpoints subjects;
    private final Catalog catalog;
    private final CallReader calls;
    private final InstantSource clock;

    CatalogEndpoints(Declaring declaring, SubjectThing thing, InstantSource clock) {
        this.thing = thing;
        this.subjects = new ThingEndpoints(thing, declaring);
        this.catalog = thing.catalog();
        this.calls = thing.calls();
        this.declaring = declaring;
        this.clock = clock;
    }

    Reply apply(Exchange exchange) {
        if (exchange.principal().key().organization() != null) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "A plans file is of the whole server: apply it with a key that has no organization.");
        }
        var order =
                ApplyOrder.by(exchange.actor()).dryRun(exchange.flag("dry_run")).prune(exchange.flag("prune"));
        try {
            var applied = declaring.apply(file(exchange), order);
            return Reply.json(Reply.OK, json -> write(json, applied));
        } catch (InUseException e) {
            throw new ProblemException(ErrorCode.IN_USE, e.why());
        }
    }

    /** YAML, unless it is said to be JSON: then places are told by pointer alone, and the stricter grammar applies. */
    private static Value file(Exchange exchange) {
        boolean json = exchange.header("Content-Type")
                .map(type -> type.toLowerCase(Locale.ROOT).contains("json"))
                .orElse(false);
        return json ? exchange.json() : Documents.yaml(new String(exchange.body(), StandardCharsets.UTF_8));
    }

    private static void write(JsonGenerator json, Applied applied) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("dry_run", applied.dryRun());
        for (var effect : Applied.Effect.values()) {
            json.writeNumberField(effect.name().toLowerCase(Locale.ROOT), applied.count(effect));
        }
        json.writeArrayFieldStart("changes");
        for (var change : applied.changes()) {
            change(json, change);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("warnings");
        for (var warning : applied.warnings()) {
            json.writeStartObject();
            json.writeStringField("pointer", warning.pointer());
            json.writeNumberField("line", warning.line());
            json.writeStringField("message", warning.message());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void change(JsonGenerator json, Applied.Change change) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", change.kind().key());
        EventJson.text(json, "organization", change.organization().isEmpty() ? null : change.organization());
        json.writeStringField("key", change.key());
        json.writeStringField("change", change.effect().name().toLowerCase(Locale.ROOT));
        if (change.effect() == Applied.Effect.CHANGED) {
            json.writeFieldName("before");
            json.writeRawValue(change.before());
            json.writeFieldName("after");
            json.writeRawValue(change.after());
        }
        json.writeEndObject();
    }

    Reply subject(Exchange exchange) {
        var organization = calls.organization(exchange);
        var key = SubjectThing.key(exchange.parameter(0));
        exchange.principal().subject(Optional.of(key));
        return declaring
                .find(name(organization, key))
                .map(item -> subjects.shown(exchange, item))
                .orElseGet(() -> undeclared(organization, key));
    }

    private Reply undeclared(OrganizationKey organization, SubjectKey key) {
        if (catalog.account(organization, key, clock.instant()).isEmpty()) {
            throw unknown(key);
        }
        return Reply.json(Reply.OK, json -> thing.write(json, organization, key));
    }

    private static Item.Name name(OrganizationKey organization, SubjectKey key) {
        return new Item.Name(Kind.SUBJECT, organization.value(), key.value());
    }

    Reply block(Exchange exchange) {
        return blocked(exchange, true);
    }

    Reply unblock(Exchange exchange) {
        return blocked(exchange, false);
    }

    private Reply blocked(Exchange exchange, boolean blocked) {
        var fields = exchange.jsonOrNothing().fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        fields.done();
        var key = SubjectThing.key(exchange.parameter(0));
        if (declaring.block(organization, key, blocked, exchange.actor()).isEmpty()) {
            throw unknown(key);
        }
        return subjects.shown(exchange, declaring.find(name(organization, key)).orElseThrow(() -> unknown(key)));
    }

    private static ProblemException unknown(SubjectKey key) {
        return new ProblemException(ErrorCode.SUBJECT_UNKNOWN, "There is no subject '" + key + "'.");
    }
}
