package dev.quotary.sql;

import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import java.util.List;
import java.util.function.Supplier;

/** A catalog that is only looked at. */
record StoredCatalog(Supplier<List<CatalogStore.Document>> documents) implements CatalogStore {
    @Override
    public List<Document> load() {
        return documents.get();
    }

    @Override
    public void write(CatalogChange change) {
        throw new IllegalStateException("the catalog is open to be read only");
    }
}
