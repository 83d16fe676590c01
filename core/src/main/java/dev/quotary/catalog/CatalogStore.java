package dev.quotary.catalog;

import java.util.List;

/**
 * Port: keeps what operators declared, as documents whose form the caller chooses. Safe for concurrent use; every method blocks.
 * Throws {@link dev.quotary.limit.StoreUnavailableException} if the store does not answer.
 */
public interface CatalogStore {
    /**
     * One declared thing.
     *
     * @param kind such as {@code plan}
     * @param organization whose it is; empty for things of the whole server
     * @param body the thing itself, in a form of the caller's
     */
    record Document(String kind, String organization, String key, String body) {
        public Name name() {
            return new Name(kind, organization, key);
        }
    }

    /**
     * What tells documents apart.
     *
     * @param organization empty for things of the whole server
     */
    record Name(String kind, String organization, String key) {}

    /** Everything stored, in the order of kind, organization and key. */
    List<Document> load();

    /**
     * Stores documents, replacing those of the same name, forgets others, and adds to the audit log: all of it or nothing, durable before
     * it returns. Forgetting what is not there is no error.
     *
     * @throws CatalogChangedException if another process has changed the catalog since the version that the change is based on
     */
    void write(CatalogChange change);

    /** Stores documents that no line of the audit log is about, replacing those of the same name: all or none, durable before it returns. */
    default void save(List<Document> documents) {
        write(CatalogChange.saving(documents));
    }
}
