package dev.quotary.console;

import dev.quotary.catalog.Actor;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The operators' password: the one of the environment, else the one that is stored. Safe for many threads.
 *
 * <p>What is stored is read when somebody first asks, as a start need not wait for it.
 */
public final class Passwords {
    private static final String KIND = "console_password";
    private static final String NAME = "operator";

    private final CatalogStore store;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Optional<String> given;
    private volatile boolean loaded;
    private volatile @Nullable Password stored;

    /**
     * @param random unpredictable in production: salts come from it
     * @param given of the environment, which goes before the stored one
     * @throws IllegalArgumentException if it is too short or too long
     */
    public Passwords(CatalogStore store, RandomGenerator random, InstantSource clock, Optional<String> given) {
        given.ifPresent(text -> {
            if (text.length() < Password.LENGTH_MIN || text.length() > Password.LENGTH_MAX) {
                throw new IllegalArgumentException("expected QUOTARY_CONSOLE_PASSWORD to have " + Password.LENGTH_MIN
                        + " to " + Password.LENGTH_MAX + " characters");
            }
        });
        this.store = store;
        this.random = random;
        this.clock = clock;
        this.given = given;
    }

    /** Takes up what is stored already, by another server perhaps; what is no password is passed over. */
    public void take(List<Document> documents) {
        for (var document : documents) {
            if (document.kind().equals(KIND)) {
                var fields = Documents.json(document.body()).fields();
                stored = new Password(
                        fields.need("salt").string(), fields.need("hash").string());
            }
        }
    }

    private void load() {
        if (!loaded) {
            synchronized (this) {
                if (!loaded) {
                    take(store.load());
                    loaded = true;
                }
            }
        }
    }

    /** Whether anybody can sign in with a password. May block. */
    boolean set() {
        if (given.isPresent()) {
            return true;
        }
        load();
        return stored != null;
    }

    /** Whether it comes from the environment, so that it cannot be changed here. */
    boolean given() {
        return given.isPresent();
    }

    /** May block, and costs what a password costs. */
    boolean opensWith(String text) {
        if (given.isPresent()) {
            return MessageDigest.isEqual(bytes(given.get()), bytes(text));
        }
        load();
        var password = stored;
        return password != null && password.is(text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Stores another password. Blocks until it is durable.
     *
     * @throws IllegalArgumentException if it is too short or too long
     */
    synchronized void change(String text, Actor by) {
        load();
        var before = stored;
        var password = Password.of(text, random);
        byte[] body = Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("salt", password.salt());
            json.writeStringField("hash", password.hash());
            json.writeEndObject();
        });
        var document = new Document(KIND, "", NAME, new String(body, StandardCharsets.UTF_8));
        var now = clock.instant();
        var entry = new AuditEntry(
                now,
                by,
                document.name(),
                before == null ? AuditEntry.Action.CREATED : AuditEntry.Action.CHANGED,
                before == null ? null : "{}",
                told(now));
        store.write(new CatalogChange(List.of(document), List.of(), List.of(entry), OptionalLong.empty()));
        stored = password;
    }

    /** Nothing of the password itself. */
    private static String told(Instant at) {
        return "{\"set_at\":\"" + at + "\"}";
    }
}
