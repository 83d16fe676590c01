package dev.quotary.console;

import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Keeps documents as long as the test lasts. */
final class MemoryCatalogStore implements CatalogStore {
    private final Map<String, Document> documents = new ConcurrentSkipListMap<>();
    private final List<AuditEntry> log = new ArrayList<>();

    @Override
    public List<Document> load() {
        return List.copyOf(documents.values());
    }

    @Override
    public synchronized void write(CatalogChange change) {
        change.saved().forEach(document -> documents.put(document.name().toString(), document));
        change.removed().forEach(name -> documents.remove(name.toString()));
        log.addAll(change.audit());
    }

    synchronized List<AuditEntry> log() {
        return List.copyOf(log);
    }
}
