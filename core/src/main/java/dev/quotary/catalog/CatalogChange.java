package dev.quotary.catalog;

import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.catalog.CatalogStore.Name;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is to become of a stored catalog, in one step.
 *
 * @param saved documents to be stored
 * @param removed names of documents to be forgotten; none of them is among {@code saved}
 * @param audit what the audit log is to say about it
 * @param basedOn the version of the catalog that it was decided upon, at least ({@link Freshness#basis}); empty where that does not matter
 */
public record CatalogChange(List<Document> saved, List<Name> removed, List<AuditEntry> audit, OptionalLong basedOn) {
    public CatalogChange {
        saved = List.copyOf(saved);
        removed = List.copyOf(removed);
        audit = List.copyOf(audit);
    }

    /** A change that only stores. */
    public static CatalogChange saving(List<Document> documents) {
        return new CatalogChange(documents, List.of(), List.of(), OptionalLong.empty());
    }

    /** Nothing changes in the catalog itself: something is noted that was done elsewhere. */
    public static CatalogChange noting(AuditEntry entry) {
        return new CatalogChange(List.of(), List.of(), List.of(entry), OptionalLong.empty());
    }

    /** Whether nothing but the audit log is written. */
    public boolean onlyNotes() {
        return saved.isEmpty() && removed.isEmpty();
    }

    public boolean empty() {
        return onlyNotes() && audit.isEmpty();
    }
}
