package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.declare.Applied;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.Kind;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.catalog.LimitOverride;
import dev.quotary.catalog.Subject;
import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.LimitTexts;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Value;
import dev.quotary.limit.Limit;
import dev.quotary.meter.MeterKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What operators declare: applying files, reading it back, blocking subjects. */
final class CatalogEndpoints {
    private final Declaring declaring;
    private final Catalog catalog;
    private final CallReader calls;
    private final InstantSource clock;

    CatalogEndpoints(Declaring declaring, Catalog catalog, CallReader calls, InstantSource clock) {
        this.declaring = declaring;
        this.catalog = catalog;
        this.calls = calls;
        this.clock = clock;
    }

    Reply apply(Exchange exchange) {
        if (exchange.principal().key().organization() != null) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "A plans file is of the whole server: apply it with a key that has no organization.");
        }
        boolean dryRun = exchange.flag("dry_run");
        var applied = declaring.apply(file(exchange), dryRun);
        return Reply.json(Reply.OK, json -> write(json, applied));
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

    Reply organizations(Exchange exchange) {
        var own = exchange.principal().key().organization();
        return documents(
                "organizations",
                declaring.documents(Kind.ORGANIZATION).stream()
                        .filter(document -> own == null || own.value().equals(document.key()))
                        .toList());
    }

    Reply plans(Exchange exchange) {
        return documents("plans", declaring.documents(Kind.PLAN));
    }

    private static Reply documents(String name, List<Document> documents) {
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart(name);
            for (var document : documents) {
                json.writeRawValue(document.body());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    Reply subject(Exchange exchange) {
        var organization = calls.organization(exchange);
        var key = subjectKey(exchange);
        exchange.principal().subject(Optional.of(key));
        return shown(organization, key);
    }

    private Reply shown(OrganizationKey organization, SubjectKey key) {
        var account = catalog.account(organization, key, clock.instant()).orElseThrow(() -> unknown(key));
        boolean declared = catalog.subject(organization, key).isPresent();
        var subject = catalog.subject(organization, key).orElse(Subject.undeclared(organization, key));
        var plan = account.plan();
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeStringField("organization", organization.value());
            json.writeStringField("key", key.value());
            EventJson.text(json, "name", subject.name());
            EventJson.text(json, "plan", plan == null ? null : plan.key().value());
            json.writeBooleanField("blocked", subject.blocked());
            json.writeBooleanField("declared", declared);
            json.writeArrayFieldStart("overrides");
            for (var override : subject.overrides()) {
                override(json, override, account.limits());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void override(JsonGenerator json, LimitOverride override, List<Limit> limits) throws IOException {
        json.writeStartObject();
        json.writeStringField("limit", override.limit().value());
        json.writeFieldName("max");
        if (override.maximum().unlimited()) {
            json.writeString("unlimited");
        } else {
            var meter = limits.stream()
                    .filter(limit -> limit.key().equals(override.limit()))
                    .map(Limit::meter)
                    .findFirst()
                    .orElse(MeterKey.REQUESTS);
            LimitTexts.amount(json, meter, override.maximum().units());
        }
        EventJson.text(
                json,
                "until",
                override.until() == null ? null : override.until().toString());
        EventJson.text(json, "reason", override.reason());
        json.writeEndObject();
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
        var key = subjectKey(exchange);
        if (declaring.block(organization, key, blocked).isEmpty()) {
            throw unknown(key);
        }
        return shown(organization, key);
    }

    private static SubjectKey subjectKey(Exchange exchange) {
        try {
            return new SubjectKey(exchange.parameter(0));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
        }
    }

    private static ProblemException unknown(SubjectKey key) {
        return new ProblemException(ErrorCode.SUBJECT_UNKNOWN, "There is no subject '" + key + "'.");
    }
}
