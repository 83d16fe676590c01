package dev.quotary.api.declare;

import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Documents;
import dev.quotary.http.Value;

/**
 * One declared thing as written.
 *
 * @param value all of it; of an organization without its subjects, which are items of their own
 */
record Item(Name name, Value value) {
    /**
     * What tells declared things apart.
     *
     * @param organization whose it is; empty for things of the whole server
     */
    record Name(Kind kind, String organization, String key) {
        static Name of(Document document) {
            return new Name(Kind.of(document), document.organization(), document.key());
        }
    }

    static Item of(Document document) {
        return new Item(Name.of(document), Documents.json(document.body()));
    }

    Document document() {
        return new Document(name.kind().key(), name.organization(), name.key(), value.json());
    }

    /** Equal for items that declare the same, however they are written. */
    String content() {
        return value.canonical().json();
    }
}
