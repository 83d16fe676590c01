package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.key.KeyOrder;
import dev.quotary.api.key.Keys;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Role;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Fields;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.http.Value;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Making and listing API keys. */
final class KeyEndpoints {
    private final Keys keys;
    private final Catalog catalog;

    KeyEndpoints(Keys keys, Catalog catalog) {
        this.keys = keys;
        this.catalog = catalog;
    }

    Reply create(Exchange exchange) {
        var body = exchange.json();
        var fields = body.fields();
        var role = fields.need("role").oneOf(Role.values(), Role::key);
        var organization = organization(exchange, fields);
        var subject =
                fields.find("subject").map(value -> value.as(SubjectKey::new)).orElse(null);
        var name = fields.string("name").orElse("");
        var expiresAt = fields.find("expires_at").map(Value::instant).orElse(null);
        fields.done();
        // The key itself checks that role, organization and subject go together: before anything is stored.
        var made = body.checked(() -> keys.create(new KeyOrder(role, organization, subject, name, expiresAt)));
        return Reply.json(Reply.CREATED, json -> {
            json.writeStartObject();
            members(json, made.key());
            json.writeStringField("secret", made.secret().text());
            json.writeEndObject();
        });
    }

    /** An admin of one organization makes keys for it; an admin of the whole server for any, and further admins of the whole server. */
    private @Nullable OrganizationKey organization(Exchange exchange, Fields fields) {
        var own = exchange.principal().key().organization();
        var member = fields.find("organization");
        var named = member.map(value -> value.as(OrganizationKey::new));
        if (own != null) {
            return exchange.principal().organization(named);
        }
        named.ifPresent(key -> {
            if (!catalog.declarations().organizations().containsKey(key)) {
                throw member.orElseThrow().wrong("expected a declared organization, was '" + key + "'");
            }
        });
        return named.orElse(null);
    }

    Reply list(Exchange exchange) {
        var own = Optional.ofNullable(exchange.principal().key().organization());
        var asked = exchange.query("organization");
        if (own.isPresent()
                && asked.isPresent()
                && !asked.get().equals(own.get().value())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "This key belongs to another organization.");
        }
        var wanted = own.map(OrganizationKey::value).or(() -> asked);
        var found = keys.keys().stream()
                .filter(key -> wanted.isEmpty()
                        || (key.organization() != null
                                && key.organization().value().equals(wanted.get())))
                .toList();
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("keys");
            for (var key : found) {
                json.writeStartObject();
                members(json, key);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void members(JsonGenerator json, ApiKey key) throws IOException {
        json.writeStringField("id", key.id().value());
        json.writeStringField("prefix", key.prefix());
        json.writeStringField("name", key.name());
        json.writeStringField("role", key.role().key());
        EventJson.text(
                json,
                "organization",
                key.organization() == null ? null : key.organization().value());
        EventJson.text(
                json, "subject", key.subject() == null ? null : key.subject().value());
        json.writeStringField("created_at", Times.text(key.createdAt()));
        EventJson.text(
                json,
                "expires_at",
                key.expiresAt() == null ? null : key.expiresAt().toString());
    }
}
