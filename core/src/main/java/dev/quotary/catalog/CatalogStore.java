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
    record Document(String kind, String organization, String key, String body) {}

    /** Everything stored, in the order of kind, organization and key. */
    List<Document> load();

    /** Stores documents, replacing those of the same kind, organization and key: all or none, durable before it returns. */
    void save(List<Document> documents);
}
