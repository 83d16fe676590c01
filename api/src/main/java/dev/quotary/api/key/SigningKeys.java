package dev.quotary.api.key;

import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The keys that tokens are signed with, in the catalog store: tokens outlive a restart, and every server on the store knows them. They lie
 * there as they are: whoever reads the store could make tokens, and reads everything that these open anyway.
 */
final class SigningKeys {
    static final String KIND = "signing_key";
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 4;

    private SigningKeys() {}

    static void take(List<Document> stored, Tokens tokens) {
        for (var document : stored) {
            if (document.kind().equals(KIND)) {
                var fields = Documents.json(document.body()).fields();
                tokens.put(
                        document.key(),
                        Base64.getDecoder().decode(fields.need("key").string()),
                        fields.need("created_at").instant());
                fields.done();
            }
        }
    }

    /** A new one, to be stored. */
    static Document make(RandomGenerator random, Instant now) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        byte[] body = Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("key", Base64.getEncoder().encodeToString(key));
            json.writeStringField("created_at", now.toString());
            json.writeEndObject();
        });
        return new Document(KIND, "", HexFormat.of().formatHex(id), new String(body, StandardCharsets.UTF_8));
    }
}
