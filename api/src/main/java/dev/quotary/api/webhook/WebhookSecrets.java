package dev.quotary.api.webhook;

import dev.quotary.api.key.Secret;
import dev.quotary.api.provider.MasterKey;
import dev.quotary.api.provider.MasterKeys;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the secrets that webhooks are signed with, sealed under the master key, in the catalog store. Nobody is ever shown one. Safe for many
 * threads.
 */
public final class WebhookSecrets {
    /** Two while the sender changes its secret. */
    public static final int SECRETS_MAX = 4;

    private static final String KIND = "webhook-secrets";
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSecrets.class);

    private final CatalogStore store;
    private final MasterKeys masters;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Map<Whose, List<Secret>> opened = new ConcurrentHashMap<>();
    private final ReentrantLock setting = new ReentrantLock();

    /** Names a webhook. */
    public record Whose(OrganizationKey organization, String webhook) {
        String binding() {
            return "a secret of webhook " + webhook + " of organization " + organization;
        }
    }

    /** @param random unpredictable in production: nonces come from it */
    public WebhookSecrets(CatalogStore store, MasterKeys masters, RandomGenerator random, InstantSource clock) {
        this.store = store;
        this.masters = masters;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Uses what is stored, and seals what is under another master key anew; once, at the start. Blocks.
     *
     * @throws InvalidInputException if anything stored cannot be opened; nothing was changed then
     */
    public void load() {
        var anew = new ArrayList<Document>();
        for (var document : store.load()) {
            if (document.kind().equals(KIND)) {
                var whose = whose(document);
                var secrets = open(document);
                opened.put(whose, secrets);
                masters.sealing()
                        .filter(master -> !secrets.isEmpty() && !master.id().equals(master(document)))
                        .ifPresent(master -> anew.add(sealed(whose, secrets, master)));
            }
        }
        if (!anew.isEmpty()) {
            store.save(anew);
        }
    }

    /** Uses what another server has stored; what cannot be opened here leaves the secrets as they are. */
    public void take(List<Document> stored) {
        for (var document : stored) {
            if (document.kind().equals(KIND)) {
                try {
                    opened.put(whose(document), open(document));
                } catch (InvalidInputException e) {
                    LOG.atError()
                            .addKeyValue("webhook", document.key())
                            .addKeyValue("why", e.expected())
                            .log(
                                    "secrets of a webhook were changed and cannot be opened here; those before stay in use");
                }
            }
        }
    }

    /** None where none were set. */
    public List<Secret> of(Whose whose) {
        return opened.getOrDefault(whose, List.of());
    }

    /**
     * Replaces the secrets of a webhook. Blocks until they are stored, and in use wherever the store is shared.
     *
     * @param secrets none to take no more calls
     * @throws IllegalArgumentException if there is no master key, or a secret is none of the scheme; nothing was changed
     */
    public void set(Whose whose, Scheme scheme, List<Secret> secrets, Actor by) {
        if (secrets.size() > SECRETS_MAX || secrets.stream().distinct().count() < secrets.size()) {
            throw new IllegalArgumentException("expected at most " + SECRETS_MAX + " different secrets");
        }
        secrets.forEach(scheme::check);
        var master = masters.sealing();
        if (master.isEmpty() && !secrets.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected the server to have secrets.master_key (QUOTARY_MASTER_KEY): without it secrets cannot be stored");
        }
        setting.lock();
        try {
            var document = master.isPresent()
                    ? sealed(whose, secrets, master.get())
                    : new Document(KIND, whose.organization().value(), whose.webhook(), body("", List.of()));
            var audited = new AuditEntry(
                    clock.instant(),
                    by,
                    new CatalogStore.Name(KIND, whose.organization().value(), whose.webhook()),
                    AuditEntry.Action.CHANGED,
                    told(of(whose)),
                    told(secrets));
            store.write(new CatalogChange(List.of(document), List.of(), List.of(audited), OptionalLong.empty()));
            opened.put(whose, List.copyOf(secrets));
        } finally {
            setting.unlock();
        }
    }

    private static Whose whose(Document document) {
        return new Whose(new OrganizationKey(document.organization()), document.key());
    }

    private static String master(Document document) {
        return Documents.json(document.body()).fields().need("master").string();
    }

    private List<Secret> open(Document document) {
        var sealed = Documents.json(document.body()).fields().items("sealed");
        if (sealed.isEmpty()) {
            return List.of();
        }
        var id = master(document);
        var master = masters.of(id)
                .orElseThrow(() -> new InvalidInputException(
                        "",
                        0,
                        "the secrets of webhook " + document.key() + " are sealed under the master key " + id + " ("
                                + masters.ids()
                                + "). Set secrets.master_key (QUOTARY_MASTER_KEY) to that one; nothing was changed"));
        return sealed.stream()
                .map(Value::string)
                .map(text -> master.open(text, whose(document).binding()))
                .toList();
    }

    private Document sealed(Whose whose, List<Secret> secrets, MasterKey master) {
        var sealed = secrets.stream()
                .map(secret -> master.seal(secret, whose.binding(), random))
                .toList();
        return new Document(KIND, whose.organization().value(), whose.webhook(), body(master.id(), sealed));
    }

    private static String body(String master, List<String> sealed) {
        return text(json -> {
            json.writeStartObject();
            json.writeStringField("master", master);
            json.writeArrayFieldStart("sealed");
            for (var each : sealed) {
                json.writeString(each);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** What the audit log may know: how many there are. */
    private static String told(List<Secret> secrets) {
        return text(json -> {
            json.writeStartObject();
            json.writeNumberField("secrets", secrets.size());
            json.writeEndObject();
        });
    }

    private static String text(Answers.Writer writer) {
        return new String(Answers.bytes(writer), StandardCharsets.UTF_8);
    }
}
