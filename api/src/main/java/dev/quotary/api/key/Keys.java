package dev.quotary.api.key;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.catalog.Role;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.Fields;
import dev.quotary.http.KeyRing;
import dev.quotary.http.Value;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Makes API keys, keeps them in the catalog store, and puts them on the ring that requests are held against. Safe for many threads. */
public final class Keys {
    private static final String KIND = "key";
    private static final String SECRET_PREFIX = "qk_live_";
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 12;
    /** So much of a secret is shown to recognise it by; 32 of its 256 bits. */
    private static final int SHOWN_LENGTH = SECRET_PREFIX.length() + 8;

    private static final int ADOPTED_LENGTH_MIN = 24;

    private final CatalogStore store;
    private final KeyRing ring;
    private final RandomGenerator random;
    private final InstantSource clock;

    /** @param random unpredictable in production: secrets come from it */
    public Keys(CatalogStore store, KeyRing ring, RandomGenerator random, InstantSource clock) {
        this.store = store;
        this.ring = ring;
        this.random = random;
        this.clock = clock;
    }

    /** Puts the stored keys on the ring; once, at the start. Blocks. */
    public void load() {
        take(store.load());
    }

    /** Puts keys on the ring that are stored already, by another process perhaps; what is no key is passed over. */
    public void take(List<Document> stored) {
        stored.stream()
                .filter(document -> document.kind().equals(KIND))
                .map(document -> read(Documents.json(document.body())))
                .forEach(ring::put);
    }

    /**
     * Makes a key. Blocks until it is stored.
     *
     * @throws IllegalArgumentException if role, organization and subject do not go together
     */
    public NewKey create(KeyOrder order) {
        byte[] bits = new byte[SECRET_BYTES];
        random.nextBytes(bits);
        return put(order, new Secret(SECRET_PREFIX + HexFormat.of().formatHex(bits)));
    }

    /**
     * Makes a key with a secret that the operator chose; the same secret again changes nothing. Blocks until it is stored.
     *
     * @throws IllegalArgumentException if the secret is too short to be one
     */
    public ApiKey adopt(KeyOrder order, Secret secret) {
        if (secret.text().length() < ADOPTED_LENGTH_MIN) {
            throw new IllegalArgumentException("expected a secret of at least " + ADOPTED_LENGTH_MIN + " characters");
        }
        var hash = KeyRing.hash(secret.text());
        return ring.keys().stream()
                .filter(key -> key.hash().equals(hash))
                .findFirst()
                .orElseGet(() -> put(order, secret).key());
    }

    /** Every key, in the order of their ids; no secrets. */
    public List<ApiKey> keys() {
        return ring.keys().stream()
                .sorted((one, other) -> one.id().value().compareTo(other.id().value()))
                .toList();
    }

    private NewKey put(KeyOrder order, Secret secret) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        var text = secret.text();
        var shown = text.substring(0, Math.min(SHOWN_LENGTH, text.length() / 2));
        var key = new ApiKey(
                new KeyId("key_" + HexFormat.of().formatHex(id)),
                KeyRing.hash(text),
                shown,
                order.name(),
                order.role(),
                order.organization(),
                order.subject(),
                clock.instant(),
                order.expiresAt());
        store.save(List.of(document(key)));
        ring.put(key);
        return new NewKey(key, secret);
    }

    private static Document document(ApiKey key) {
        var organization = key.organization() == null ? "" : key.organization().value();
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
            json.writeEndObject();
        });
        return new Document(KIND, organization, key.id().value(), new String(body, StandardCharsets.UTF_8));
    }

    private static ApiKey read(Value value) {
        Fields fields = value.fields();
        var key = new ApiKey(
                new KeyId(fields.need("id").string()),
                fields.need("hash").string(),
                fields.need("prefix").string(),
                fields.need("name").string(),
                Role.valueOf(fields.need("role").string().toUpperCase(Locale.ROOT)),
                fields.string("organization").map(OrganizationKey::new).orElse(null),
                fields.string("subject").map(SubjectKey::new).orElse(null),
                fields.need("created_at").instant(),
                fields.find("expires_at").map(Value::instant).orElse(null));
        fields.done();
        return key;
    }
}
