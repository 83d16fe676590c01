package dev.quotary.api.key;

import dev.quotary.call.KeyId;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.catalog.Role;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.KeyRing;
import dev.quotary.http.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes API keys, keeps them in the catalog store, and puts them on the ring that requests are held against. Safe for many threads: changes
 * are made one after the other.
 */
public final class Keys {
    private static final String SECRET_PREFIX = "qk_live_";
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 12;
    /** So much of a secret is shown to recognise it by; 32 of its 256 bits. */
    private static final int SHOWN_LENGTH = SECRET_PREFIX.length() + 8;

    private static final int ADOPTED_LENGTH_MIN = 24;
    /** They are all held in memory. */
    private static final int KEYS_MAX = 100_000;

    private static final int RETIRED_MAX = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);

    private final CatalogStore store;
    private final KeyRing ring;
    private final SigningKeys signing;
    private final RandomGenerator random;
    private final InstantSource clock;

    /**
     * @param sealing of the keys that tokens are signed with
     * @param random unpredictable in production: secrets come from it
     */
    public Keys(CatalogStore store, KeyRing ring, Sealing sealing, RandomGenerator random, InstantSource clock) {
        this.store = store;
        this.ring = ring;
        this.signing = new SigningKeys(sealing, random);
        this.random = random;
        this.clock = clock;
    }

    /**
     * Puts the stored keys on the ring, and sees to it that tokens can be made; once, at the start. Blocks.
     *
     * @throws InvalidInputException if what tokens are signed with is sealed under a key that is not there
     */
    public void load() {
        var stored = store.load();
        signing.take(stored, ring.tokens());
        takeKeys(stored);
        var anew = ring.tokens().ready() ? signing.toBeSealed(stored) : List.of(signing.make(clock.instant()));
        if (!anew.isEmpty()) {
            store.save(anew);
            signing.take(anew, ring.tokens());
        }
    }

    /** The tokens that are made with keys. */
    public Tokens tokens() {
        return ring.tokens();
    }

    /** Puts keys on the ring that are stored already, by another process perhaps; what is no key is passed over. */
    public void take(List<Document> stored) {
        try {
            signing.take(stored, ring.tokens());
        } catch (InvalidInputException e) {
            LOG.atError()
                    .addKeyValue("why", e.expected())
                    .log("another server signs tokens with a key that cannot be opened here; its tokens are refused");
        }
        takeKeys(stored);
    }

    private void takeKeys(List<Document> stored) {
        stored.stream()
                .filter(document -> document.kind().equals(KeyDocuments.KIND))
                .map(KeyDocuments::key)
                .forEach(ring::put);
        stored.stream()
                .filter(document -> document.kind().equals(KeyDocuments.REVOCATION))
                .forEach(document -> ring.key(new KeyId(document.key()))
                        .ifPresent(key -> ring.put(key.revoked(KeyDocuments.revokedAt(document)))));
    }

    /**
     * Makes a key. Blocks until it is stored.
     *
     * @throws IllegalArgumentException if role, organization and subject do not go together, or there are too many keys
     */
    public NewKey create(KeyOrder order, Actor by) {
        return put(order, secret(), by);
    }

    /**
     * Makes a key with a secret that the operator chose; the same secret again changes nothing. Blocks until it is stored.
     *
     * @throws IllegalArgumentException if the secret is too short to be one, or was revoked or has expired
     */
    public synchronized ApiKey adopt(KeyOrder order, Secret secret) {
        if (secret.text().length() < ADOPTED_LENGTH_MIN) {
            throw new IllegalArgumentException("expected a secret of at least " + ADOPTED_LENGTH_MIN + " characters");
        }
        var hash = KeyRing.hash(secret.text());
        var known = ring.keys().stream()
                .filter(key -> key.hash().equals(hash)
                        || key.retired().stream()
                                .anyMatch(retired -> retired.hash().equals(hash)))
                .findFirst();
        if (known.isPresent() && !known.get().opensBy(hash, clock.instant())) {
            throw new IllegalArgumentException(
                    "expected a secret in use; this one was revoked or replaced, or has expired");
        }
        return known.orElseGet(() -> put(order, secret, Actor.SERVER).key());
    }

    /** Every key, in the order of their ids; no secrets. */
    public List<ApiKey> keys() {
        return ring.keys().stream()
                .sorted((one, other) -> one.id().value().compareTo(other.id().value()))
                .toList();
    }

    public Optional<ApiKey> key(KeyId id) {
        return ring.key(id);
    }

    /** When a key was used last, to some minutes; empty if never, as far as is known. */
    public Optional<Instant> used(ApiKey key) {
        return ring.used(key.id());
    }

    /**
     * Gives a key a new secret. It stays the same key, with its id and what is counted by it; the secret before opens for a while. Blocks
     * until it is stored.
     *
     * @param key as it is known
     * @param overlap for how long the secret before still opens; zero ends all that went before at once
     * @param by who does it
     */
    public synchronized Rotation rotate(ApiKey key, Duration overlap, Actor by) {
        var now = clock.instant();
        var current = ring.key(key.id()).orElse(key);
        if (!current.valid(now)) {
            return new Rotation.NotValid(current);
        }
        var secret = secret();
        var rotated = current.rotated(KeyRing.hash(secret.text()), shown(secret), now.plus(overlap), now);
        if (rotated.retired().size() > RETIRED_MAX) {
            return new Rotation.TooMany(current);
        }
        store(
                KeyDocuments.of(rotated),
                KeyDocuments.audited(Optional.of(current), rotated, AuditEntry.Action.ROTATED, now, by));
        ring.put(rotated);
        return new Rotation.Made(new NewKey(rotated, secret));
    }

    /** Ends a key with all of its secrets, for good; again changes nothing. Blocks until it is stored. */
    public synchronized Revocation revoke(ApiKey key, Actor by) {
        var now = clock.instant();
        var current = ring.key(key.id()).orElse(key);
        if (current.revokedAt() != null) {
            return new Revocation.Revoked(current);
        }
        if (serverAdmin(current, now)
                && ring.keys().stream().filter(one -> serverAdmin(one, now)).count() == 1) {
            return new Revocation.LastAdmin(current);
        }
        var revoked = current.revoked(now);
        store(
                KeyDocuments.ofRevocation(current, now),
                KeyDocuments.audited(Optional.of(current), revoked, AuditEntry.Action.REVOKED, now, by));
        ring.put(revoked);
        return new Revocation.Revoked(revoked);
    }

    /** Whether somebody can administer the whole server. */
    public boolean administered() {
        var now = clock.instant();
        return ring.keys().stream().anyMatch(key -> serverAdmin(key, now));
    }

    private static boolean serverAdmin(ApiKey key, Instant now) {
        return key.role() == Role.ADMIN && key.organization() == null && key.valid(now);
    }

    private void store(Document document, AuditEntry entry) {
        store.write(new CatalogChange(List.of(document), List.of(), List.of(entry), OptionalLong.empty()));
    }

    /** Hexadecimal digits that nobody can guess. */
    public String randomHex(int digits) {
        byte[] bits = new byte[(digits + 1) / 2];
        random.nextBytes(bits);
        return HexFormat.of().formatHex(bits).substring(0, digits);
    }

    private Secret secret() {
        byte[] bits = new byte[SECRET_BYTES];
        random.nextBytes(bits);
        return new Secret(SECRET_PREFIX + HexFormat.of().formatHex(bits));
    }

    private static String shown(Secret secret) {
        return secret.text().substring(0, Math.min(SHOWN_LENGTH, secret.text().length() / 2));
    }

    private NewKey put(KeyOrder order, Secret secret, Actor by) {
        if (ring.size() >= KEYS_MAX) {
            throw new IllegalArgumentException("expected fewer than " + KEYS_MAX + " keys, revoked ones included");
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        var key = new ApiKey(
                new KeyId("key_" + HexFormat.of().formatHex(id)),
                KeyRing.hash(secret.text()),
                shown(secret),
                order.name(),
                order.role(),
                order.organization(),
                order.subject(),
                clock.instant(),
                order.expiresAt(),
                List.of(),
                null);
        store(
                KeyDocuments.of(key),
                KeyDocuments.audited(Optional.empty(), key, AuditEntry.Action.CREATED, key.createdAt(), by));
        ring.put(key);
        return new NewKey(key, secret);
    }
}
