package dev.quotary.server.runtime;

import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.ServerLease;
import java.util.List;

/**
 * Declarations beside a limiter in memory: only the server with the lease changes them. Another one that decides by now has read them, and
 * would not hear of a change. Events are another matter: those of calls that were admitted are recorded whoever has the lease.
 */
record LeasedCatalogStore(CatalogStore store, ServerLease lease) implements CatalogStore {
    @Override
    public List<Document> load() {
        return store.load();
    }

    @Override
    public void write(CatalogChange change) {
        if (lease.state() != ServerLease.State.HELD) {
            throw new StoreUnavailableException("saving declarations: this server has no lease of the database", null);
        }
        store.write(change);
    }
}
