package dev.quotary.api.provider;

import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * All stored keys of one provider, as the catalog keeps them.
 *
 * @param master the id of the master key that they are sealed under
 */
record KeyDocument(String provider, String master, List<Sealed> keys) {
    static final String KIND = "provider-keys";

    KeyDocument {
        keys = List.copyOf(keys);
    }

    /** One key, and what may be shown of it. */
    record Sealed(StoredKey shown, String sealed) {}

    /** What a key is bound to, so that it cannot be opened as another provider's. */
    static String binding(String provider, StoredKey key) {
        return "key " + key.fingerprint() + " of provider " + provider;
    }

    Document document() {
        byte[] body = Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("master", master);
            json.writeArrayFieldStart("keys");
            for (var key : keys) {
                json.writeStartObject();
                json.writeStringField("prefix", key.shown().prefix());
                json.writeStringField("fingerprint", key.shown().fingerprint());
                json.writeStringField("created_at", key.shown().createdAt().toString());
                json.writeStringField("sealed", key.sealed());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
        return new Document(KIND, "", provider, new String(body, StandardCharsets.UTF_8));
    }

    static KeyDocument of(Document document) {
        var fields = Documents.json(document.body()).fields();
        var keys = fields.items("keys").stream()
                .map(item -> {
                    var members = item.fields();
                    var shown = new StoredKey(
                            members.need("prefix").string(),
                            members.need("fingerprint").string(),
                            members.need("created_at").instant());
                    return new Sealed(shown, members.need("sealed").string());
                })
                .toList();
        return new KeyDocument(document.key(), fields.need("master").string(), keys);
    }
}
