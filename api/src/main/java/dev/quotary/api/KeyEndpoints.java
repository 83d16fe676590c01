package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.key.KeyOrder;
import dev.quotary.api.key.Keys;
import dev.quotary.api.key.NewKey;
import dev.quotary.api.key.Revocation;
import dev.quotary.api.key.Rotation;
import dev.quotary.call.KeyId;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Making, listing, rotating and revoking API keys. A key of another organization is as unknown as one that never was. */
final class KeyEndpoints {
    /** Names the list in its cursors. */
    private static final String LIST = "keys";

    private static final long OVERLAP_SECONDS_DEFAULT = Duration.ofDays(1).toSeconds();
    private static final long OVERLAP_SECONDS_MAX = Duration.ofDays(30).toSeconds();

    private final Keys keys;
    private final Catalog catalog;
    private final InstantSource clock;

    KeyEndpoints(Keys keys, Catalog catalog, InstantSource clock) {
        this.keys = keys;
        this.catalog = catalog;
        this.clock = clock;
    }

    Reply create(Exchange exchange) {
        var body = exchange.json();
        var fields = body.fields();
        var role = fields.need("role").oneOf(Role.ofKeys(), Role::key);
        var organization = organization(exchange, fields);
        var subject =
                fields.find("subject").map(value -> value.as(SubjectKey::new)).orElse(null);
        var name = fields.string("name").orElse("");
        var expiresAt = fields.find("expires_at").map(this::later).orElse(null);
        fields.done();
        // The key itself checks that role, organization and subject go together: before anything is stored.
        return made(body.checked(
                () -> keys.create(new KeyOrder(role, organization, subject, name, expiresAt), exchange.actor())));
    }

    private Instant later(Value value) {
        var at = value.instant();
        if (!at.isAfter(clock.instant())) {
            throw value.wrong("expected an instant in the future");
        }
        return at;
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

    Reply show(Exchange exchange) {
        return shown(known(exchange));
    }

    /** The secret before stays good for a while, so that whoever uses the key can be told the new one first. */
    Reply rotate(Exchange exchange) {
        var fields = exchange.jsonOrNothing().fields();
        var overlap = fields.find("overlap_seconds")
                .map(value -> value.integer(0, OVERLAP_SECONDS_MAX))
                .orElse(OVERLAP_SECONDS_DEFAULT);
        fields.done();
        catalog.freshness().catchUp();
        return switch (keys.rotate(known(exchange), Duration.ofSeconds(overlap), exchange.actor())) {
            case Rotation.Made(var rotated) -> made(rotated);
            case Rotation.NotValid _ -> throw unchangeable("This key is revoked or has expired; make another one.");
            case Rotation.TooMany _ ->
                throw unchangeable(
                        "Too many earlier secrets of this key are still good. Wait for their ends, which are in"
                                + " 'retired', or end them all with an overlap of 0 seconds.");
        };
    }

    Reply revoke(Exchange exchange) {
        catalog.freshness().catchUp();
        return switch (keys.revoke(known(exchange), exchange.actor())) {
            case Revocation.Revoked(var key) -> shown(key);
            case Revocation.LastAdmin _ ->
                throw unchangeable("Without this key nobody could administer the server; make another one first.");
        };
    }

    private static ProblemException unchangeable(String detail) {
        return new ProblemException(ErrorCode.KEY_UNCHANGEABLE, detail);
    }

    private ApiKey known(Exchange exchange) {
        var own = exchange.principal().key().organization();
        return id(exchange.parameter(0))
                .flatMap(keys::key)
                .filter(key -> own == null || own.equals(key.organization()))
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such key."));
    }

    /** What cannot be an id names no key. */
    private static Optional<KeyId> id(String text) {
        try {
            return Optional.of(new KeyId(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    Reply list(Exchange exchange) {
        var own = Optional.ofNullable(exchange.principal().key().organization()).map(OrganizationKey::value);
        var asked = exchange.query("organization");
        if (own.isPresent() && asked.isPresent() && !asked.equals(own)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "This key belongs to another organization.");
        }
        var wanted = own.or(() -> asked);
        var after = Cursors.place(exchange, LIST).orElse("");
        int limit = Cursors.limit(exchange);
        var found = keys.keys().stream()
                .filter(key -> wanted.isEmpty() || wanted.get().equals(value(key.organization())))
                .filter(key -> key.id().value().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        var page = found.subList(0, Math.min(limit, found.size()));
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart(LIST);
            for (var key : page) {
                json.writeStartObject();
                members(json, key);
                json.writeEndObject();
            }
            json.writeEndArray();
            EventJson.text(
                    json,
                    "next_cursor",
                    found.size() > limit
                            ? Cursors.cursor(LIST, page.getLast().id().value())
                            : null);
            json.writeEndObject();
        });
    }

    private static @Nullable String value(@Nullable OrganizationKey key) {
        return key == null ? null : key.value();
    }

    private Reply shown(ApiKey key) {
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            members(json, key);
            json.writeEndObject();
        });
    }

    private Reply made(NewKey made) {
        return Reply.json(Reply.CREATED, json -> {
            json.writeStartObject();
            members(json, made.key());
            json.writeStringField("secret", made.secret().text());
            json.writeEndObject();
        });
    }

    private void members(JsonGenerator json, ApiKey key) throws IOException {
        json.writeStringField("id", key.id().value());
        json.writeStringField("prefix", key.prefix());
        json.writeStringField("name", key.name());
        json.writeStringField("role", key.role().key());
        EventJson.text(json, "organization", value(key.organization()));
        EventJson.text(
                json, "subject", key.subject() == null ? null : key.subject().value());
        json.writeStringField("created_at", Times.text(key.createdAt()));
        EventJson.text(json, "expires_at", text(key.expiresAt()));
        EventJson.text(json, "revoked_at", text(key.revokedAt()));
        EventJson.text(json, "last_used_at", text(keys.used(key).orElse(null)));
        var now = clock.instant();
        json.writeArrayFieldStart("retired");
        for (var secret : key.retired()) {
            if (secret.opens(now)) {
                json.writeStartObject();
                json.writeStringField("prefix", secret.prefix());
                json.writeStringField("until", Times.text(secret.until()));
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : Times.text(at);
    }
}
