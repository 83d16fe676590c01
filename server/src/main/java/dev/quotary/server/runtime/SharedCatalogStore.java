package dev.quotary.server.runtime;

import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.SqlCatalogStore;
import dev.quotary.sql.admission.PostgresNodes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog of several servers: a change is answered when all of them go by it, or after a while without those that do not say so; these
 * notice with their next decision.
 */
final class SharedCatalogStore implements CatalogStore {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCatalogStore.class);
    private static final long OTHERS_MILLIS_MAX = 3_000;
    private static final long ASK_MILLIS = 25;

    private final SqlCatalogStore store;
    private final PostgresNodes nodes;
    private @Nullable CatalogFeed feed;

    SharedCatalogStore(SqlCatalogStore store, PostgresNodes nodes) {
        this.store = store;
        this.nodes = nodes;
    }

    /** Says what shows the catalog here; before anything is changed. */
    void shownBy(CatalogFeed here) {
        feed = here;
    }

    SqlCatalogStore.Changes changes(long since) {
        return store.changes(since);
    }

    @Override
    public List<Document> load() {
        return store.load();
    }

    @Override
    public void write(CatalogChange change) {
        var here = feed;
        if (here == null || change.onlyNotes()) {
            store.write(change);
            return;
        }
        here.ownChangeBegins();
        long version = 0;
        try {
            store.write(change);
            version = store.changes(Long.MAX_VALUE).version();
            awaitOthers(version);
        } finally {
            here.ownChangeEnds(version);
        }
    }

    private void awaitOthers(long version) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OTHERS_MILLIS_MAX);
        try {
            while (nodes.behind(version) > 0) {
                if (System.nanoTime() > end) {
                    LOG.warn("a server did not say in time that it goes by the newest declarations; "
                            + "it does from its next decision on");
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ASK_MILLIS));
            }
        } catch (StoreUnavailableException e) {
            // The change itself is stored. Who goes by it cannot be asked now.
            LOG.atWarn().setCause(e).log("it is not known whether all servers go by the newest declarations");
        }
    }
}
