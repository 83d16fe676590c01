package dev.quotary.sql;

/**
 * One database, opened for this process: the thread that writes to it and the connections that read from it. What is kept in it is reached
 * through {@link SqlLedger} and {@link SqlCatalogStore}. Safe for many threads.
 */
public sealed interface SqlDatabase extends AutoCloseable permits SqliteDatabase, PostgresDatabase {
    /** Rows that wait to be written or are being written; a measure of how far the writer is behind. */
    default int rowsWaiting() {
        return SqlAccess.of(this).writer().rowsWaiting();
    }

    /** Finishes what was submitted, then closes. Later calls of anything over it fail. */
    @Override
    void close();
}
