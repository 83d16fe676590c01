package dev.quotary.sql;

import dev.quotary.sync.Syncs;
import dev.quotary.testkit.SyncsContract;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteSyncsTest implements SyncsContract {
    @TempDir
    private Path directory;

    private @Nullable SqliteDatabase database;

    @Override
    public Syncs openSyncs() {
        close();
        database = SqliteDatabase.open(directory.resolve("syncs.db"));
        return new SqlSyncs(database);
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
