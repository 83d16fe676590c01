package dev.quotary.api.declare;

import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogChange;
import dev.quotary.catalog.CatalogStore.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What one change does.
 *
 * @param items that are made or replaced
 * @param removed as they were
 * @param audit what is to be said of it
 */
record Changes(List<Item> items, List<Item> removed, List<AuditEntry> audit) {
    Changes {
        items = List.copyOf(items);
        removed = List.copyOf(removed);
        audit = List.copyOf(audit);
    }

    List<Item.Name> names() {
        return Stream.concat(items.stream(), removed.stream()).map(Item::name).toList();
    }

    List<Item.Name> removedNames() {
        return removed.stream().map(Item::name).toList();
    }

    /**
     * @param more documents to be stored with it
     * @param basedOn the version of the catalog that it was decided upon
     */
    CatalogChange stored(List<Document> more, OptionalLong basedOn) {
        var saved = new ArrayList<>(items.stream().map(Item::document).toList());
        saved.addAll(more);
        return new CatalogChange(
                saved, removed.stream().map(item -> item.name().stored()).toList(), audit, basedOn);
    }
}
