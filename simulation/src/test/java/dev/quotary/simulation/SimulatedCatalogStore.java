package dev.quotary.simulation;

import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.limit.StoreUnavailableException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Declarations in memory that outlive the process; saving may fail before or after it took effect, and others go on meanwhile. */
final class SimulatedCatalogStore implements CatalogStore {
    private final Fate fate;
    private final Runnable meanwhile;
    private final Map<Name, Document> documents = new LinkedHashMap<>();

    private boolean calm;

    /** @param meanwhile what others do while a caller waits */
    SimulatedCatalogStore(Fate fate, Runnable meanwhile) {
        this.fate = fate;
        this.meanwhile = meanwhile;
    }

    /** Whether saving succeeds, and nothing happens meanwhile. */
    void calm(boolean now) {
        calm = now;
    }

    @Override
    public List<Document> load() {
        return List.copyOf(documents.values());
    }

    @Override
    public void write(CatalogChange change) {
        if (calm) {
            put(change);
            return;
        }
        meanwhile.run();
        fate.effect("declarations are to be saved");
        if (fate.oneIn(12)) {
            throw new StoreUnavailableException("save declarations", null);
        }
        put(change);
        fate.effect("declarations are saved");
        if (fate.oneIn(20)) {
            throw new StoreUnavailableException("the answer is lost", null);
        }
        meanwhile.run();
    }

    private void put(CatalogChange change) {
        change.saved().forEach(document -> documents.put(document.name(), document));
        change.removed().forEach(documents::remove);
    }
}
