package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.query.Moments;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.AuditLog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Who changed what, and when. */
final class AuditLogEndpoint {
    private static final String LIST = "audit-log";

    private final Optional<AuditLog> log;

    /** @param log empty where the store keeps none */
    AuditLogEndpoint(Optional<AuditLog> log) {
        this.log = log;
    }

    Reply lines(Exchange exchange) {
        var source =
                log.orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "This server keeps no audit log."));
        var filter = new AuditLog.Filter(
                organization(exchange),
                exchange.query("kind"),
                exchange.query("key"),
                exchange.query("actor"),
                time(exchange, "from"),
                time(exchange, "to"));
        int limit = Math.min(Cursors.limit(exchange), AuditLog.LINES_MAX);
        var lines = source.lines(filter, before(exchange), limit);
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("entries");
            for (var line : lines) {
                write(json, line);
            }
            json.writeEndArray();
            EventJson.text(
                    json,
                    "next_cursor",
                    lines.size() == limit
                            ? Cursors.cursor(LIST, Long.toString(lines.getLast().number()))
                            : null);
            json.writeEndObject();
        });
    }

    /** An admin of one organization sees what was done to its things, and nothing else. */
    private static Optional<String> organization(Exchange exchange) {
        var own = exchange.principal().key().organization();
        var named = exchange.query("organization");
        if (own == null) {
            return named;
        }
        return Optional.of(exchange.principal()
                .organization(named.map(AuditLogEndpoint::key))
                .value());
    }

    private static OrganizationKey key(String text) {
        try {
            return new OrganizationKey(text);
        } catch (IllegalArgumentException e) {
            throw InvalidInputException.inQuery("organization", String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Instant> time(Exchange exchange, String name) {
        try {
            return exchange.query(name).map(Moments::of);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw InvalidInputException.inQuery(name, String.valueOf(e.getMessage()));
        }
    }

    private static OptionalLong before(Exchange exchange) {
        var place = Cursors.place(exchange, LIST);
        try {
            return place.isPresent() ? OptionalLong.of(Long.parseLong(place.get())) : OptionalLong.empty();
        } catch (NumberFormatException _) {
            throw InvalidInputException.inQuery("cursor", "expected the 'next_cursor' of a page of this list");
        }
    }

    private static void write(JsonGenerator json, AuditLog.Line line) throws IOException {
        var entry = line.entry();
        var object = entry.object();
        json.writeStartObject();
        json.writeNumberField("number", line.number());
        json.writeStringField("at", Times.text(entry.at()));
        json.writeObjectFieldStart("actor");
        json.writeStringField("type", entry.actor().kind().key());
        EventJson.text(json, "id", orNull(entry.actor().id()));
        EventJson.text(json, "name", orNull(entry.actor().name()));
        json.writeEndObject();
        json.writeStringField("action", entry.action().key());
        EventJson.text(json, "organization", orNull(object.organization()));
        json.writeStringField("kind", object.kind());
        json.writeStringField("key", object.key());
        raw(json, "before", entry.before());
        raw(json, "after", entry.after());
        json.writeEndObject();
    }

    private static void raw(JsonGenerator json, String name, @Nullable String text) throws IOException {
        json.writeFieldName(name);
        if (text == null) {
            json.writeNull();
        } else {
            json.writeRawValue(text);
        }
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
