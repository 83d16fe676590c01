package dev.quotary.api.key;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.catalog.RetiredSecret;
import dev.quotary.catalog.Role;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The form in which keys lie in the catalog store. That a key is revoked is a document of its own: whoever stores an older state of the key
 * beside it does not undo it.
 */
final class KeyDocuments {
    static final String KIND = "key";
    static final String REVOCATION = "key_revocation";

    private KeyDocuments() {}

    static Document of(ApiKey key) {
        byte[] body = Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("id", key.id().value());
            json.writeStringField("hash", key.hash());
            json.writeStringField("prefix", key.prefix());
            json.writeStringField("name", key.name());
            json.writeStringField("role", key.role().key());
            if (key.organization() != null) {
                json.writeStringField("organization", key.organization().value());
            }
            if (key.subject() != null) {
                json.writeStringField("subject", key.subject().value());
            }
            json.writeStringField("created_at", key.createdAt().toString());
            if (key.expiresAt() != null) {
                json.writeStringField("expires_at", key.expiresAt().toString());
            }
            if (!key.retired().isEmpty()) {
                retired(json, key.retired());
            }
            json.writeEndObject();
        });
        return document(KIND, key, body);
    }

    private static void retired(JsonGenerator json, List<RetiredSecret> retired) throws IOException {
        json.writeArrayFieldStart("retired");
        for (var secret : retired) {
            json.writeStartObject();
            json.writeStringField("hash", secret.hash());
            json.writeStringField("prefix", secret.prefix());
            json.writeStringField("until", secret.until().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** What the audit log says of a change of a key: nothing by which a secret could be found. */
    static AuditEntry audited(Optional<ApiKey> before, ApiKey after, AuditEntry.Action action, Instant at, Actor by) {
        var organization =
                after.organization() == null ? "" : after.organization().value();
        return new AuditEntry(
                at,
                by,
                new CatalogStore.Name(KIND, organization, after.id().value()),
                action,
                before.map(KeyDocuments::told).orElse(null),
                told(after));
    }

    private static String told(ApiKey key) {
        byte[] text = Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("id", key.id().value());
            json.writeStringField("prefix", key.prefix());
            json.writeStringField("name", key.name());
            json.writeStringField("role", key.role().key());
            text(json, "organization", key.organization());
            text(json, "subject", key.subject());
            text(json, "expires_at", key.expiresAt());
            text(json, "revoked_at", key.revokedAt());
            json.writeEndObject();
        });
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void text(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        json.writeFieldName(name);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeString(value.toString());
        }
    }

    static Document ofRevocation(ApiKey key, Instant at) {
        byte[] body = Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("at", at.toString());
            json.writeEndObject();
        });
        return document(REVOCATION, key, body);
    }

    private static Document document(String kind, ApiKey key, byte[] body) {
        var organization = key.organization() == null ? "" : key.organization().value();
        return new Document(kind, organization, key.id().value(), new String(body, StandardCharsets.UTF_8));
    }

    static ApiKey key(Document document) {
        Fields fields = Documents.json(document.body()).fields();
        var key = new ApiKey(
                new KeyId(fields.need("id").string()),
                fields.need("hash").string(),
                fields.need("prefix").string(),
                fields.need("name").string(),
                Role.valueOf(fields.need("role").string().toUpperCase(Locale.ROOT)),
                fields.string("organization").map(OrganizationKey::new).orElse(null),
                fields.string("subject").map(SubjectKey::new).orElse(null),
                fields.need("created_at").instant(),
                fields.find("expires_at").map(Value::instant).orElse(null),
                fields.items("retired").stream().map(KeyDocuments::retired).toList(),
                null);
        fields.done();
        return key;
    }

    private static RetiredSecret retired(Value value) {
        var fields = value.fields();
        var secret = new RetiredSecret(
                fields.need("hash").string(),
                fields.need("prefix").string(),
                fields.need("until").instant());
        fields.done();
        return secret;
    }

    static Instant revokedAt(Document document) {
        return Documents.json(document.body()).fields().need("at").instant();
    }
}
