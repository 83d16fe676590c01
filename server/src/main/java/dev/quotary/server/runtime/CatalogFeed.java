package dev.quotary.server.runtime;

import dev.quotary.api.declare.Declaring;
import dev.quotary.api.key.Keys;
import dev.quotary.api.provider.ProviderKeys;
import dev.quotary.api.webhook.WebhookSecrets;
import dev.quotary.catalog.Freshness;
import dev.quotary.console.Passwords;
import dev.quotary.sql.SqlCatalogStore;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings declarations and keys up to what other servers have stored in the same database.
 *
 * <p>Callers that come while the changes are being read wait for those that read them, and read nothing themselves where that reading began
 * after they came. While this server makes a change of its own it follows nobody: until a change is answered, either state is right.
 */
final class CatalogFeed implements Freshness {
    private final SharedCatalogStore store;
    private final Shown shown;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger ownChanges = new AtomicInteger();
    private volatile long known;
    private volatile long begun;
    /** Guarded by the lock. */
    private long done;

    /** What is made of the catalog. */
    record Shown(
            Declaring declaring,
            Keys keys,
            ProviderKeys providerKeys,
            Passwords passwords,
            WebhookSecrets webhookSecrets) {
        boolean take(SqlCatalogStore.Changes changes) {
            var documents = changes.documents();
            if (!declaring.take(documents, changes.removed())) {
                return false;
            }
            keys.take(documents);
            providerKeys.take(documents);
            passwords.take(documents);
            webhookSecrets.take(documents);
            return true;
        }
    }

    CatalogFeed(SharedCatalogStore store, Shown shown) {
        this.store = store;
        this.shown = shown;
    }

    @Override
    public long known() {
        return ownChanges.get() > 0 ? Long.MAX_VALUE : known;
    }

    /** The version that is really shown, also while this server makes a change. */
    long shown() {
        return known;
    }

    @Override
    public OptionalLong basis() {
        return OptionalLong.of(known);
    }

    @Override
    public void catchUp() {
        long before = begun;
        lock.lock();
        try {
            if (done <= before) {
                begun = done + 1;
                take();
                done = begun;
            }
        } finally {
            lock.unlock();
        }
    }

    private void take() {
        var changes = store.changes(known);
        if (changes.version() > known && shown.take(changes)) {
            known = changes.version();
        }
    }

    void ownChangeBegins() {
        ownChanges.incrementAndGet();
    }

    /** @param version that this server has stored itself, and shows from now on */
    void ownChangeEnds(long version) {
        lock.lock();
        try {
            // Otherwise somebody else has stored something meanwhile, which is still to be read.
            if (version == known + 1) {
                known = version;
            }
        } finally {
            lock.unlock();
            ownChanges.decrementAndGet();
        }
    }
}
