package dev.quotary.sql;

/** How the stores reach into a database. */
record SqlAccess(GroupWriter writer, Readers readers) {
    static SqlAccess of(SqlDatabase database) {
        return switch (database) {
            case SqliteDatabase sqlite -> sqlite.access();
            case PostgresDatabase postgres -> postgres.access();
        };
    }

    void close() {
        writer.drain();
        // The writer goes last: SQLite's last connection moves the log into the file, which a reader may not.
        readers.close();
        writer.close();
    }
}
