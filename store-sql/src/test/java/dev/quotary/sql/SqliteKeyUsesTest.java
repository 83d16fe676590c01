package dev.quotary.sql;

import dev.quotary.catalog.KeyUses;
import dev.quotary.testkit.KeyUsesContract;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteKeyUsesTest implements KeyUsesContract {
    @TempDir
    private Path directory;

    private @Nullable SqliteDatabase database;

    @Override
    public KeyUses openUses() {
        close();
        database = SqliteDatabase.open(directory.resolve("keys.db"));
        return new SqlKeyUses(database);
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
