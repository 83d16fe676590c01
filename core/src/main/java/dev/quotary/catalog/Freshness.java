package dev.quotary.catalog;

import java.util.OptionalLong;

/** How far a catalog follows the changes that other processes make. Safe for many threads. */
public interface Freshness {
    /** Of a catalog that only this process changes. */
    Freshness ALONE = new Freshness() {
        @Override
        public long known() {
            return 0;
        }

        @Override
        public OptionalLong basis() {
            return OptionalLong.empty();
        }

        @Override
        public void catchUp() {
            // There is nobody to catch up with.
        }
    };

    /**
     * The version of the stored declarations that the catalog shows, at least; grows with every change. Whoever reads it first and the
     * catalog afterwards has read the catalog of this version or of a later one.
     */
    long known();

    /**
     * The version of the stored declarations that the catalog really shows, at least, for changes that are decided upon it; empty where
     * nobody else changes them.
     */
    OptionalLong basis();

    /**
     * Blocks until the catalog shows what was stored when this was called.
     *
     * @throws dev.quotary.limit.StoreUnavailableException if the store does not answer
     */
    void catchUp();
}
