package dev.quotary.catalog;

/** A change was decided upon a catalog that another process has changed since. Nothing was stored; decide anew. */
public final class CatalogChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CatalogChangedException() {
        super("the catalog was changed by another process", null, false, false);
    }
}
