package dev.quotary.api.provider;

import dev.quotary.api.key.Secret;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Answers;
import dev.quotary.http.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the server's keys at its providers, sealed, in the catalog store, and tells whoever shows them when they change: here, and on other
 * servers that share the store. Stored keys stand in for those of the configuration. Safe for many threads.
 */
public final class ProviderKeys {
    public static final int KEYS_MAX = 64;
    private static final int KEY_LENGTH_MAX = 4096;
    /** What may stand in a header: a key with anything else in it is a mistake. */
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1," + KEY_LENGTH_MAX + "}");

    private static final Logger LOG = LoggerFactory.getLogger(ProviderKeys.class);

    private final CatalogStore store;
    private final MasterKeys masters;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Users users;
    private final Map<String, List<StoredKey>> shown = new ConcurrentHashMap<>();
    private final ReentrantLock setting = new ReentrantLock();

    /** Who shows keys to providers. */
    public interface Users {
        /** The providers that the server has keys of. */
        Set<String> names();

        /** Uses these keys from now on; none for those of the configuration. */
        void use(String provider, List<Secret> keys);
    }

    /** @param random unpredictable in production: nonces come from it */
    public ProviderKeys(
            CatalogStore store, MasterKeys masters, RandomGenerator random, InstantSource clock, Users users) {
        this.store = store;
        this.masters = masters;
        this.random = random;
        this.clock = clock;
        this.users = users;
    }

    /**
     * Uses what is stored, and seals what is under another master key anew; once, at the start. Blocks.
     *
     * @throws InvalidInputException if anything stored cannot be opened; nothing was changed then
     */
    public void load() {
        var opened = new LinkedHashMap<KeyDocument, List<Secret>>();
        store.load().stream()
                .filter(document -> document.kind().equals(KeyDocument.KIND))
                .map(KeyDocument::of)
                .forEach(document -> opened.put(document, open(document)));
        var anew = new ArrayList<Document>();
        opened.forEach((document, secrets) -> {
            use(document, secrets);
            masters.sealing()
                    .filter(master -> !secrets.isEmpty() && !master.id().equals(document.master()))
                    .ifPresent(master -> anew.add(sealed(document.provider(), secrets, shownOf(document), master)
                            .document()));
        });
        if (!anew.isEmpty()) {
            store.save(anew);
            LOG.atInfo()
                    .addKeyValue("providers", anew.size())
                    .log("sealed the keys of providers under the new master key");
        }
    }

    /** Uses what another server has stored; what cannot be opened here leaves the keys as they are. */
    public void take(List<Document> stored) {
        for (var each : stored) {
            if (each.kind().equals(KeyDocument.KIND)) {
                try {
                    var document = KeyDocument.of(each);
                    use(document, open(document));
                } catch (InvalidInputException e) {
                    LOG.atError()
                            .addKeyValue("provider", each.key())
                            .addKeyValue("why", e.expected())
                            .log("keys of a provider were changed and cannot be opened here; those before stay in use");
                }
            }
        }
    }

    private List<Secret> open(KeyDocument document) {
        if (document.keys().isEmpty()) {
            return List.of();
        }
        var master = masters.of(document.master())
                .orElseThrow(() -> new InvalidInputException(
                        "",
                        0,
                        "the stored keys of provider " + document.provider() + " are sealed under the master key "
                                + document.master() + " (" + masters.ids()
                                + "). Set secrets.master_key (QUOTARY_MASTER_KEY) to that one; nothing was changed"));
        return document.keys().stream()
                .map(key -> master.open(key.sealed(), KeyDocument.binding(document.provider(), key.shown())))
                .toList();
    }

    private void use(KeyDocument document, List<Secret> secrets) {
        shown.put(document.provider(), shownOf(document));
        users.use(document.provider(), secrets);
    }

    private static List<StoredKey> shownOf(KeyDocument document) {
        return document.keys().stream().map(KeyDocument.Sealed::shown).toList();
    }

    private KeyDocument sealed(String provider, List<Secret> secrets, List<StoredKey> as, MasterKey master) {
        var keys = new ArrayList<KeyDocument.Sealed>();
        for (int i = 0; i < secrets.size(); i++) {
            var binding = KeyDocument.binding(provider, as.get(i));
            keys.add(new KeyDocument.Sealed(as.get(i), master.seal(secrets.get(i), binding, random)));
        }
        return new KeyDocument(provider, master.id(), keys);
    }

    /** Whether the server has keys of such a provider. */
    public boolean knows(String provider) {
        return users.names().contains(provider);
    }

    /** What is stored of a provider's keys. */
    public List<StoredKey> keys(String provider) {
        return shown.getOrDefault(provider, List.of());
    }

    /**
     * Replaces the stored keys of a provider. Blocks until they are stored, and in use wherever the store is shared.
     *
     * @param secrets none to go by the configuration again
     * @throws IllegalArgumentException if there is no master key, or a key is none; nothing was changed
     */
    public List<StoredKey> set(String provider, List<Secret> secrets, Actor by) {
        if (secrets.size() > KEYS_MAX) {
            throw new IllegalArgumentException("expected at most " + KEYS_MAX + " keys");
        }
        if (!secrets.stream().allMatch(secret -> KEY.matcher(secret.text()).matches())) {
            throw new IllegalArgumentException(
                    "expected keys of 1.." + KEY_LENGTH_MAX + " visible ASCII characters, without spaces");
        }
        if (secrets.stream().distinct().count() < secrets.size()) {
            throw new IllegalArgumentException("expected every key once");
        }
        var master = masters.sealing();
        if (master.isEmpty() && !secrets.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected the server to have secrets.master_key (QUOTARY_MASTER_KEY): without it keys cannot be stored");
        }
        setting.lock();
        try {
            var now = clock.instant();
            var as = secrets.stream().map(secret -> StoredKey.of(secret, now)).toList();
            var document = sealed(provider, secrets, as, master);
            store.write(new CatalogChange(
                    List.of(document.document()),
                    List.of(),
                    List.of(audited(provider, as, now, by)),
                    OptionalLong.empty()));
            use(document, secrets);
            return as;
        } finally {
            setting.unlock();
        }
    }

    private AuditEntry audited(String provider, List<StoredKey> as, Instant now, Actor by) {
        return new AuditEntry(
                now,
                by,
                new CatalogStore.Name(KeyDocument.KIND, "", provider),
                AuditEntry.Action.CHANGED,
                told(keys(provider)),
                told(as));
    }

    /** What of the keys may be told. */
    private static String told(List<StoredKey> keys) {
        return new String(
                Answers.bytes(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("keys");
                    for (var key : keys) {
                        json.writeString(key.prefix());
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                }),
                StandardCharsets.UTF_8);
    }

    private KeyDocument sealed(String provider, List<Secret> secrets, List<StoredKey> as, Optional<MasterKey> master) {
        return master.isPresent()
                ? sealed(provider, secrets, as, master.get())
                : new KeyDocument(provider, "", List.of());
    }
}
