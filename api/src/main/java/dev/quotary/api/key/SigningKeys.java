package dev.quotary.api.key;

import dev.quotary.api.key.Sealing.Sealed;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The keys that tokens are signed with, in the catalog store: tokens outlive a restart, and every server on the store knows them. They are
 * sealed where the operator has a master key. Without one they lie there as they are: whoever reads the store could make tokens, and reads
 * everything that these open anyway.
 */
final class SigningKeys {
    static final String KIND = "signing_key";
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 4;

    private final Sealing sealing;
    private final RandomGenerator random;

    SigningKeys(Sealing sealing, RandomGenerator random) {
        this.sealing = sealing;
        this.random = random;
    }

    /** One of them as it is stored. */
    private record Stored(String id, Optional<Sealed> sealed, Optional<String> plain, Instant createdAt) {
        static Stored of(Document document) {
            var fields = Documents.json(document.body()).fields();
            var master = fields.string("master");
            var text = fields.string("sealed");
            var stored = new Stored(
                    document.key(),
                    master.flatMap(id -> text.map(words -> new Sealed(id, words))),
                    fields.string("key"),
                    fields.need("created_at").instant());
            fields.done();
            return stored;
        }

        Document document() {
            byte[] body = Answers.bytes(json -> {
                json.writeStartObject();
                if (sealed.isPresent()) {
                    json.writeStringField("master", sealed.get().master());
                    json.writeStringField("sealed", sealed.get().text());
                } else {
                    json.writeStringField("key", plain.orElseThrow());
                }
                json.writeStringField("created_at", createdAt.toString());
                json.writeEndObject();
            });
            return new Document(KIND, "", id, new String(body, StandardCharsets.UTF_8));
        }
    }

    /** @throws dev.quotary.http.InvalidInputException if one is sealed and cannot be opened */
    void take(List<Document> stored, Tokens tokens) {
        for (var key : keys(stored)) {
            tokens.put(key.id(), Base64.getDecoder().decode(text(key)), key.createdAt());
        }
    }

    /** Those that are to be stored anew: not sealed yet, or under another master key. */
    List<Document> toBeSealed(List<Document> stored) {
        var anew = new ArrayList<Document>();
        for (var key : keys(stored)) {
            boolean good =
                    key.sealed().isPresent() && sealing.upToDate(key.sealed().get());
            if (!good) {
                sealing.seal(new Secret(text(key)), binding(key.id()), random)
                        .ifPresent(made -> anew.add(
                                new Stored(key.id(), Optional.of(made), Optional.empty(), key.createdAt()).document()));
            }
        }
        return anew;
    }

    private static List<Stored> keys(List<Document> stored) {
        return stored.stream()
                .filter(document -> document.kind().equals(KIND))
                .map(Stored::of)
                .toList();
    }

    private String text(Stored key) {
        return key.sealed().isPresent()
                ? sealing.open(key.sealed().get(), binding(key.id())).text()
                : key.plain().orElseThrow(() -> new IllegalStateException("a signing key without a key"));
    }

    private static String binding(String id) {
        return "signing key " + id;
    }

    /** A new one, to be stored. */
    Document make(Instant now) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        var id = HexFormat.of().formatHex(bytes);
        var text = Base64.getEncoder().encodeToString(key);
        var sealed = sealing.seal(new Secret(text), binding(id), random);
        return new Stored(id, sealed, sealed.isPresent() ? Optional.empty() : Optional.of(text), now).document();
    }
}
